using BillingPortal.Providers.Payments;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.Options;

namespace BillingPortal.Web;

/// <summary>
/// What a browser may load, do, keep and tell others, with every answer. Only files of the build may be kept; everything else is
/// somebody's data.
/// </summary>
internal sealed class SecurityHeaders(RequestDelegate next, IOptions<StripeOptions> stripe, Transport transport)
{
    // Two years, as browsers' preload lists want.
    private const string StrictTransport = "max-age=63072000; includeSubDomains";

    private readonly ContentPolicy _policy = new(stripe.Value.JsUrl, transport.IsSecure);

    public Task InvokeAsync(HttpContext context)
    {
        if (transport.IsSecure)
        {
            context.Request.Scheme = Uri.UriSchemeHttps; // whoever ended TLS need not say so
        }

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
        var isPage = context.Response.ContentType?.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) is true;
        headers.ContentSecurityPolicy = isPage ? _policy.OfPage(PageNonce.Of(context)) : ContentPolicy.OfData;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers.TryAdd("Referrer-Policy", "strict-origin-when-cross-origin"); // a page whose address is a secret says less
        headers["Permissions-Policy"] =
            "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), "
                + $"usb=(), payment=(self \"{_policy.Payer}\"), publickey-credentials-get=(self)";
        headers["Cross-Origin-Opener-Policy"] = "same-origin-allow-popups"; // a bank's window of 3-D Secure
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (transport.IsSecure)
        {
            headers.StrictTransportSecurity = StrictTransport;
        }

        if (context.GetEndpoint()?.Metadata.GetMetadata<StaticAssetDescriptor>() is null)
        {
            headers.CacheControl = "no-store";
        }
    }
}
