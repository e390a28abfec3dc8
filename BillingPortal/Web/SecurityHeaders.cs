namespace BillingPortal.Web;

/// <summary>
/// What a browser may load and do here. Scripts come from this host and from Stripe.js only, none inline; styles may be
/// inline because components position themselves with them.
/// </summary>
internal sealed class SecurityHeaders(RequestDelegate next, IConfiguration configuration)
{
    private const string StripeJs = "https://js.stripe.com/v3/";
    private readonly string _policy = Policy(configuration["Stripe:JsUrl"] ?? StripeJs);

    public Task InvokeAsync(HttpContext context)
    {
        // At the last moment: an exception handler clears what was set before.
        context.Response.OnStarting(() =>
        {
            Write(context);
            return Task.CompletedTask;
        });
        return next(context);
    }

    private void Write(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = _policy;
        headers.XContentTypeOptions = "nosniff";
        headers.TryAdd("Referrer-Policy", "strict-origin-when-cross-origin"); // a page whose address is a secret says less
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin-allow-popups";
        if (ApiPaths.Includes(context.Request))
        {
            headers.CacheControl = "no-store";
        }
    }

    // Stripe's own list (docs.stripe.com/security/guide); anything else at Stripe:JsUrl is the sandbox, one host for everything.
    private static string Policy(string stripeJs)
    {
        var origin = Uri.TryCreate(stripeJs, UriKind.Absolute, out var url) ? url.GetLeftPart(UriPartial.Authority) : "";
        var (script, frame, connect, image) = origin is "https://js.stripe.com"
            ? ("https://js.stripe.com https://*.js.stripe.com",
                "https://js.stripe.com https://*.js.stripe.com https://hooks.stripe.com https://checkout.stripe.com",
                "https://api.stripe.com https://checkout.stripe.com",
                "https://*.stripe.com")
            : (origin, origin, origin, origin);
        return string.Join("; ",
            "default-src 'self'", $"script-src 'self' {script}", "style-src 'self' 'unsafe-inline'", $"img-src 'self' data: {image}",
            "font-src 'self' data:", $"connect-src 'self' {connect}", $"frame-src {frame}", "object-src 'none'", "base-uri 'self'",
            "form-action 'self'", "frame-ancestors 'none'");
    }
}
