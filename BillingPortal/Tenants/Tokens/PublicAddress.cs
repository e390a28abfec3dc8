using System.Net;
using System.Net.Sockets;

namespace BillingPortal.Tenants.Tokens;

/// <summary>
/// Tells addresses of the internet from those of this machine and its networks, where a tenant's words must not make the portal
/// knock. Pure.
/// </summary>
internal static class PublicAddress
{
    // IANA special-purpose registries for IPv4 and IPv6, as of 2025: everything that is not globally reachable.
    private static readonly IPNetwork[] Special =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
            "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4",
            "240.0.0.0/4",
        }.Select(text => IPNetwork.Parse(text)),
    ];

    // Of IPv6 only 2000::/3 is the internet; these parts of it are not, or carry an IPv4 address inside.
    private static readonly IPNetwork Global = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork[] NotGlobal =
        [.. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20" }.Select(text => IPNetwork.Parse(text))];

    public static bool Is(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        return address.AddressFamily is AddressFamily.InterNetwork
            ? !Array.Exists(Special, network => network.Contains(address))
            : Global.Contains(address) && !Array.Exists(NotGlobal, network => network.Contains(address));
    }
}
