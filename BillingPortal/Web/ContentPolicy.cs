namespace BillingPortal.Web;

/// <summary>
/// Content security policies. Of a page two hold at once: one names the hosts that scripts may come from, the other wants each script
/// to carry the response's nonce or to be loaded by one that does. Alone either could be walked around, by a file of a permitted host
/// or by a script that loads what it is told; styles may be inline attributes, because components position themselves with them.
/// </summary>
internal sealed class ContentPolicy(Uri stripeJs, bool isSecure)
{
    /// <summary>Of everything that is no page: data that is opened by itself loads nothing and runs nothing.</summary>
    public const string OfData = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private readonly Hosts _stripe = HostsOf(stripeJs);

    /// <summary>Whose frames may ask for a payment by Apple Pay or Google Pay.</summary>
    public string Payer { get; } = stripeJs.GetLeftPart(UriPartial.Authority);

    /// <summary>Of a page: the header's two policies, parted by a comma.</summary>
    public string OfPage(string nonce) => string.Join("; ",
    [
        "default-src 'none'",
        $"script-src 'self' {_stripe.Script} 'nonce-{nonce}'",
        "script-src-attr 'none'",
        "style-src 'self'",
        $"style-src-elem 'self' 'nonce-{nonce}'",
        "style-src-attr 'unsafe-inline'",
        $"img-src 'self' data: {_stripe.Image}",
        "font-src 'self'",
        $"connect-src 'self' {_stripe.Connect}",
        $"frame-src {_stripe.Frame}",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        .. isSecure ? ["upgrade-insecure-requests"] : Array.Empty<string>(),
    ]) + $", script-src 'nonce-{nonce}' 'strict-dynamic'";

    // Stripe's own list for elements (docs.stripe.com/security/guide). Anything else at Stripe:JsUrl is the sandbox, one host for
    // everything.
    private static Hosts HostsOf(Uri stripeJs)
    {
        var origin = stripeJs.GetLeftPart(UriPartial.Authority);
        return origin is "https://js.stripe.com"
            ? new Hosts(
                "https://js.stripe.com https://*.js.stripe.com", "https://js.stripe.com https://*.js.stripe.com https://hooks.stripe.com",
                "https://api.stripe.com", "https://*.stripe.com")
            : new Hosts(origin, origin, origin, origin);
    }

    private sealed record Hosts(string Script, string Frame, string Connect, string Image);
}
