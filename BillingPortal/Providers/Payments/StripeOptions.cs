namespace BillingPortal.Providers.Payments;

/// <summary>Settings of Stripe, section <c>Stripe</c>. Never prints its secrets.</summary>
public sealed record StripeOptions
{
    public const string Section = "Stripe";

    /// <summary>
    /// Sent with every call, so that an upgrade of the account changes nothing here. As pinned by stripe-node 23.1.0.
    /// </summary>
    public const string ApiVersion = "2026-10-28.endive";

    public string SecretKey { get; set; } = "";

    public string PublishableKey { get; set; } = "";

    /// <summary>
    /// <c>Stripe:WebhookSecret</c>: one, or several (a list, or separated by commas) while a secret is being rolled.
    /// </summary>
    public IReadOnlyList<string> WebhookSecrets { get; set; } = [];

    public Uri ApiBase { get; set; } = new("https://api.stripe.com");

    /// <summary>
    /// Stripe.js carries the name of the API version; it must come from Stripe itself (PCI), or from the sandbox.
    /// </summary>
    public Uri JsUrl { get; set; } = new("https://js.stripe.com/endive/stripe.js");

    /// <summary>Repeats after the first try, as in Stripe's own SDKs.</summary>
    public int MaxRetries { get; set; } = 2;

    /// <summary>Of one try; 80 s is the default of Stripe's own SDKs.</summary>
    public double TimeoutSeconds { get; set; } = 80;

    /// <summary>True when real cards are charged. An event of the other mode is not ours.</summary>
    public bool LiveMode => SecretKey.StartsWith("sk_live_", StringComparison.Ordinal)
        || SecretKey.StartsWith("rk_live_", StringComparison.Ordinal);

    public bool IsSandbox => SecretKey == SandboxDefaults.StripeSecretKey;

    public override string ToString() => $"Stripe at {ApiBase}";
}
