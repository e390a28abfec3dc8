using System.Net;

namespace BillingPortal.TenantWebhooks.Network;

/// <summary>
/// A network like <c>10.0.0.0/8</c>, compared bit by bit: an IPv4 address in the form of an IPv6 one is in no IPv4 network, and the
/// scope of an address (<c>fe80::1%2</c>) says through which card, not where.
/// </summary>
internal sealed class AddressPrefix
{
    private readonly byte[] _bytes;
    private readonly int _bits;

    private AddressPrefix(IPNetwork network) => (_bytes, _bits) = (network.BaseAddress.GetAddressBytes(), network.PrefixLength);

    /// <exception cref="FormatException">The text is not written like <c>10.0.0.0/8</c>.</exception>
    public static AddressPrefix Parse(string text) => IPNetwork.TryParse(text, out var network)
        ? new AddressPrefix(network)
        : throw new FormatException(
            $"{TenantWebhookOptions.Section}:AllowedNetworks has '{text}', which is no network like 10.0.0.0/8.");

    public bool Contains(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        if (bytes.Length != _bytes.Length)
        {
            return false;
        }

        for (var bit = 0; bit < _bits; bit++)
        {
            var mask = 0x80 >> (bit % 8);
            if ((bytes[bit / 8] & mask) != (_bytes[bit / 8] & mask))
            {
                return false;
            }
        }

        return true;
    }
}
