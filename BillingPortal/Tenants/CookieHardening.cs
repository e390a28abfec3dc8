using BillingPortal.Web;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;

namespace BillingPortal.Tenants;

/// <summary>
/// Where the portal is reached by https alone: every cookie of a sign-in and of forms is this host's (<c>__Host-</c>) and never sent
/// without TLS. Elsewhere browsers would refuse such cookies.
/// </summary>
internal sealed class CookieHardening(Transport transport)
    : IPostConfigureOptions<CookieAuthenticationOptions>, IPostConfigureOptions<AntiforgeryOptions>
{
    private const string FormCookie = "billing_form";

    public void PostConfigure(string? name, CookieAuthenticationOptions options) => Harden(options.Cookie, options.Cookie.Name ?? name!);

    public void PostConfigure(string? name, AntiforgeryOptions options)
    {
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Strict;
        Harden(options.Cookie, FormCookie);
    }

    private void Harden(CookieBuilder cookie, string name)
    {
        cookie.Name = transport.HostCookie(name);
        if (transport.IsSecure)
        {
            (cookie.SecurePolicy, cookie.Path, cookie.Domain) = (CookieSecurePolicy.Always, "/", null);
        }
    }
}
