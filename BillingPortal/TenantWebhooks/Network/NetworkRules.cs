using System.Net;
using System.Net.Sockets;

namespace BillingPortal.TenantWebhooks.Network;

/// <summary>
/// Which addresses a tenant may have us call: public ones, and what the operator allows. Pure. Refused are private,
/// loopback, link-local (with the clouds' metadata services), carrier-grade NAT, documentation, benchmark, multicast and
/// reserved networks, and every form of IPv6 that carries an IPv4 address.
/// </summary>
public sealed class NetworkRules
{
    // https://www.iana.org/assignments/iana-ipv4-special-registry, and the one service of a cloud that looks public.
    private static readonly AddressPrefix[] RefusedV4 =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
            "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24",
            "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "168.63.129.16/32", // Azure's host
        }.Select(AddressPrefix.Parse),
    ];

    // Only 2000::/3 is given out at all: that leaves out ::/96, mapped, NAT64, unique local, link-local and multicast.
    private static readonly AddressPrefix GivenOutV6 = AddressPrefix.Parse("2000::/3");

    // Teredo, ORCHID and other protocols; documentation; 6to4.
    private static readonly AddressPrefix[] RefusedV6 =
        [.. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20" }.Select(AddressPrefix.Parse)];

    private readonly AddressPrefix[] _allowed;

    /// <exception cref="FormatException">One of them is not written like <c>10.0.0.0/8</c>.</exception>
    public NetworkRules(IEnumerable<string> allowedNetworks) => _allowed = [.. allowedNetworks.Select(AddressPrefix.Parse)];

    /// <summary>Whether names of an inner network may stand in addresses too.</summary>
    public bool AllowsInnerNetworks => _allowed.Length > 0;

    public bool Allows(IPAddress address) => _allowed.Any(network => network.Contains(address)) || IsPublic(address);

    private static bool IsPublic(IPAddress address) => address.AddressFamily switch
    {
        AddressFamily.InterNetwork => !RefusedV4.Any(network => network.Contains(address)),
        AddressFamily.InterNetworkV6 => GivenOutV6.Contains(address)
            && !RefusedV6.Any(network => network.Contains(address)) && !IsIsatap(address),
        _ => false,
    };

    // Intra-site tunnels: an interface id of 0:5efe or 200:5efe, then an IPv4 address.
    private static bool IsIsatap(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        return (bytes[8] & 0xFD) == 0 && bytes[9] == 0 && bytes[10] == 0x5E && bytes[11] == 0xFE;
    }
}
