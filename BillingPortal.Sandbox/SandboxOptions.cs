namespace BillingPortal.Sandbox;

/// <summary>
/// Settings of the sandbox, section <c>Sandbox</c>. The keys are fixed so that scripts can rely on them.
/// </summary>
internal sealed record SandboxOptions
{
    public const string StripeSecretKey = "sk_test_sandbox";
    public const string StripePublishableKey = "pk_test_sandbox";
    public const string StripeWebhookSecret = "whsec_sandbox_stripe";
    public const string ResendApiKey = "re_sandbox";
    public const string ResendWebhookSecret = "whsec_c2FuZGJveC1yZXNlbmQtd2ViaG9vay1zZWNyZXQ=";

    public const string TwilioAccountSid = "AC00000000000000000000000000000000";
    public const string TwilioAuthToken = "sandbox_twilio_token";

    /// <summary>
    /// The API version that stripe-node 23.1.0 pins; sent with events and with answers to unpinned calls.
    /// </summary>
    public const string StripeVersion = "2026-10-28.endive";

    /// <summary>Where webhooks go; empty: nobody listens.</summary>
    public string PortalUrl { get; init; } = "http://127.0.0.1:5080";

    /// <summary>Folder of the state file; empty: everything is forgotten when the process ends.</summary>
    public string? StatePath { get; init; }

    /// <summary>Whether Resend's webhooks are sent; can be switched while running.</summary>
    public bool ResendWebhooks { get; init; } = true;

    /// <summary>From Twilio's answer until a message is with the carrier, on the sandbox's clock.</summary>
    public double SmsSentSeconds { get; init; } = 0.4;

    /// <summary>From Twilio's answer until the carrier reports what became of it.</summary>
    public double SmsFinalSeconds { get; init; } = 1.5;

    /// <summary>Waits before the second, third ... delivery of a webhook that was not answered with 2xx.</summary>
    public double[] WebhookRetrySeconds { get; init; } = [];
}
