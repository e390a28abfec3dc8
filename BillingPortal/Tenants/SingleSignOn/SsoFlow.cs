using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using BillingPortal.Web;
using Microsoft.AspNetCore.DataProtection;

namespace BillingPortal.Tenants.SingleSignOn;

/// <summary>A sign-in on its way through the issuer. It lives in its browser's cookie, encrypted, for ten minutes.</summary>
/// <param name="TenantId">By whose connection.</param>
/// <param name="State">Comes back with the answer.</param>
/// <param name="Nonce">Comes back inside the token.</param>
/// <param name="Verifier">The secret half of PKCE; its hash went ahead.</param>
/// <param name="ReturnUrl">Where the person wanted to go.</param>
internal sealed record SsoFlow(Guid TenantId, string State, string Nonce, string Verifier, string ReturnUrl)
{
    public string Challenge => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    public static SsoFlow New(Guid tenantId, string returnUrl) => new(tenantId, Random(), Random(), Random(), returnUrl);

    public bool HasState(string? state) =>
        state is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(state), Encoding.UTF8.GetBytes(State));

    private static string Random() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}

/// <summary>Keeps the flow in the browser. Its age is real time.</summary>
internal sealed class SsoFlowCookie(IDataProtectionProvider protection)
{
    private const string Name = "billing_sso";
    private const string Path = "/sign-in/sso";
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);
    private readonly ITimeLimitedDataProtector _protector =
        protection.CreateProtector("BillingPortal.SsoFlow").ToTimeLimitedDataProtector();

    public void Write(HttpContext context, SsoFlow flow) =>
        context.Response.Cookies.Append(
            NameIn(context), _protector.Protect(JsonSerializer.Serialize(flow), Lifetime), Options(context, Lifetime));

    /// <summary>The flow of this browser, which has it no longer then.</summary>
    public SsoFlow? Take(HttpContext context)
    {
        if (context.Request.Cookies[NameIn(context)] is not { Length: > 0 } cookie)
        {
            return null;
        }

        context.Response.Cookies.Delete(NameIn(context), Options(context, lifetime: null));
        try
        {
            return JsonSerializer.Deserialize<SsoFlow>(_protector.Unprotect(cookie));
        }
        catch (CryptographicException)
        {
            return null; // too old, or not ours
        }
    }

    private static string NameIn(HttpContext context) => Transport.Of(context).PageCookie(Name);

    // Lax: the issuer's redirect back is a navigation from another site.
    private static CookieOptions Options(HttpContext context, TimeSpan? lifetime) => new()
    {
        HttpOnly = true,
        IsEssential = true,
        MaxAge = lifetime,
        Path = Path,
        SameSite = SameSiteMode.Lax,
        Secure = context.Request.IsHttps,
    };
}
