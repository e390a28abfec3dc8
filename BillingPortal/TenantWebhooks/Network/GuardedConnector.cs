using System.Net;
using System.Net.Sockets;

namespace BillingPortal.TenantWebhooks.Network;

/// <summary>The host stands for an address that may not be called.</summary>
public sealed class RefusedAddressException()
    : Exception("The host stands for an address on a private or reserved network, which is never called.");

/// <summary>
/// Makes the connections of webhooks: looks the name up, checks every address it stands for, and connects to the one that it
/// has checked. A name that changes its answer in between gains nothing, because nobody asks again.
/// </summary>
public sealed class GuardedConnector(NetworkRules networks)
{
    /// <summary>Asks for a name's addresses; tests put in their own.</summary>
    internal Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;

    public async ValueTask<Stream> ConnectAsync(DnsEndPoint target, CancellationToken cancellationToken)
    {
        var addresses = IPAddress.TryParse(target.Host, out var literal)
            ? [literal]
            : await Resolve(target.Host, cancellationToken);
        // One bad address among good ones is a trap, not an accident.
        if (addresses.Length == 0 || !addresses.All(networks.Allows))
        {
            throw addresses.Length == 0 ? new SocketException((int)SocketError.HostNotFound) : new RefusedAddressException();
        }

        return await ConnectAsync(addresses, target.Port, cancellationToken);
    }

    private static async Task<Stream> ConnectAsync(IPAddress[] addresses, int port, CancellationToken cancellationToken)
    {
        SocketException? last = null;
        foreach (var address in addresses)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, port), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException exception)
            {
                socket.Dispose();
                last = exception; // the next address may answer
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw last!;
    }
}
