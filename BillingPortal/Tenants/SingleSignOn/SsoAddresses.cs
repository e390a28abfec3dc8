using BillingPortal.Kernel;
using BillingPortal.Tenants.SignIn;

namespace BillingPortal.Tenants.SingleSignOn;

/// <summary>Where single sign-on begins and ends for a tenant.</summary>
public static class SsoAddresses
{
    public const string Start = "/sign-in/sso";

    /// <summary>
    /// Registered at the issuer. Each tenant has its own: what one tenant's issuer sends back is worth nothing at another's address.
    /// </summary>
    public static Uri Redirect(AppOptions app, string slug) => app.Link($"{Start}/callback/{slug}");

    /// <summary>Our page that asks whether this is wanted, for whom another site has sent here.</summary>
    public static string Ask(string slug, string? returnUrl) =>
        $"{Start}?tenant={Uri.EscapeDataString(slug)}&returnUrl={Uri.EscapeDataString(ReturnAddress.Of(returnUrl, "/"))}";

    /// <summary>For the tenant's people: a bookmark, or a tile at the issuer.</summary>
    public static Uri SignIn(AppOptions app, string slug) => app.Link($"{Start}/{slug}");
}
