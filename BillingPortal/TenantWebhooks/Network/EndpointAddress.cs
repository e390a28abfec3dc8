using System.Net;

namespace BillingPortal.TenantWebhooks.Network;

/// <summary>
/// Whether a text can be an endpoint's address, in words for people. It looks nothing up: what a name stands for is judged
/// whenever a connection is made.
/// </summary>
public sealed class EndpointAddress(NetworkRules networks, bool allowsHttp)
{
    /// <summary>The address to store, or what is wrong with the text.</summary>
    public (string? Url, string? Fault) Judge(string? text)
    {
        text = text?.Trim() ?? "";
        if (text.Length == 0)
        {
            return Refuse("Enter the address that is to be called.");
        }

        if (text.Length > WebhookEndpointMap.UrlMax)
        {
            return Refuse($"The address may have {WebhookEndpointMap.UrlMax} characters at most.");
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http") || text.Any(char.IsControl))
        {
            return Refuse("Enter a full address like https://example.com/webhooks.");
        }

        var fault = SchemeFault(uri) ?? PartsFault(uri) ?? PortFault(uri) ?? HostFault(uri);
        return fault is null ? (uri.AbsoluteUri, null) : Refuse(fault);
    }

    private static (string?, string?) Refuse(string fault) => (null, fault);

    private string? SchemeFault(Uri uri) => uri.Scheme == "https" || allowsHttp ? null
        : "The address must begin with https://, so that nobody on the way can read or change what is sent.";

    private static string? PartsFault(Uri uri) =>
        uri.UserInfo.Length > 0 ? "Leave the user name and password out of the address; check the signature instead."
        : uri.Fragment.Length > 0 ? "Leave out what follows the # sign: it is never sent."
        : null;

    private string? PortFault(Uri uri) => uri.Port == 443 || uri.Port >= 1024 || (uri.Port == 80 && allowsHttp) ? null
        : $"Port {uri.Port} cannot be called. Use 443, or a port from 1024 on.";

    private string? HostFault(Uri uri)
    {
        var host = uri.IdnHost.TrimEnd('.');
        if (IPAddress.TryParse(host, out var address))
        {
            return networks.Allows(address) ? null : NotPublic;
        }

        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase))
        {
            return networks.Allows(IPAddress.Loopback) || networks.Allows(IPAddress.IPv6Loopback) ? null : NotPublic;
        }

        var isFull = host.Contains('.', StringComparison.Ordinal) || networks.AllowsInnerNetworks;
        return isFull && Uri.CheckHostName(host) is UriHostNameType.Dns
            ? null
            : "The host must be a full name on the internet, like example.com.";
    }

    private const string NotPublic =
        "This address is on a private or reserved network. Only addresses on the public internet can be called.";
}
