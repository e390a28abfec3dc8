namespace BillingPortal.Components;

/// <summary>
/// Whether the providers are the sandbox, and where its control page is. Read from the settings in force, once.
/// </summary>
public sealed class SandboxNotice(IConfiguration configuration)
{
    private const string SandboxKey = "sk_test_sandbox";

    public bool IsInUse { get; } = configuration["Stripe:SecretKey"] is SandboxKey;

    /// <summary>The root of the host that plays Stripe.</summary>
    public string ControlPage { get; } = Uri.TryCreate(
        configuration["Stripe:ApiBase"], UriKind.Absolute, out var stripe)
        ? stripe.GetLeftPart(UriPartial.Authority)
        : "http://127.0.0.1:5081";
}
