using BillingPortal.Kernel;
using Microsoft.Extensions.Options;

namespace BillingPortal.Web;

/// <summary>
/// Whether people reach the portal by https alone: the case outside Development when <c>App:PublicUrl</c> says so, whoever ends TLS.
/// Cookies then have the prefixes that keep a neighbour's host from writing them.
/// </summary>
public sealed class Transport(IOptions<AppOptions> app, IHostEnvironment environment)
{
    public bool IsSecure { get; } = !environment.IsDevelopment() && app.Value.PublicUrl?.Scheme == Uri.UriSchemeHttps;

    /// <summary>What a cookie is called that goes to every page of this host and to no other host.</summary>
    public string HostCookie(string name) => IsSecure ? $"__Host-{name}" : name;

    /// <summary>What a cookie is called that goes to one page only.</summary>
    public string PageCookie(string name) => IsSecure ? $"__Secure-{name}" : name;

    internal static Transport Of(HttpContext context) => context.RequestServices.GetRequiredService<Transport>();
}
