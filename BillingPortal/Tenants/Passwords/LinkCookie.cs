using BillingPortal.Web;

namespace BillingPortal.Tenants.Passwords;

/// <summary>
/// Takes a mailed link's code out of the address with the first request and keeps it in a cookie of that page alone, so that
/// neither the history nor a Referer nor a log of addresses has it.
/// </summary>
/// <param name="Name">The cookie's.</param>
/// <param name="Path">The page's.</param>
/// <param name="Age">As long as the link works.</param>
internal sealed record LinkCookie(string Name, string Path, TimeSpan Age)
{
    private const int CodeMax = 100;

    /// <summary>True when a code came with the address: go on to the page without it.</summary>
    public bool TryKeep(HttpContext context, string? code)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (string.IsNullOrEmpty(code) || !HttpMethods.IsGet(context.Request.Method))
        {
            return false;
        }

        context.Response.Cookies.Append(NameIn(context), code.Length <= CodeMax ? code : "", Options(context, Age));
        return true;
    }

    public string CodeOf(HttpContext context) => context.Request.Cookies[NameIn(context)] ?? "";

    public void Forget(HttpContext context) => context.Response.Cookies.Delete(NameIn(context), Options(context, TimeSpan.Zero));

    private string NameIn(HttpContext context) => Transport.Of(context).PageCookie(Name);

    // Lax, not strict: the first request comes from a mail program's page.
    private CookieOptions Options(HttpContext context, TimeSpan age) => new()
    {
        Path = Path,
        HttpOnly = true,
        IsEssential = true,
        SameSite = SameSiteMode.Lax,
        Secure = context.Request.IsHttps,
        MaxAge = age,
    };
}
