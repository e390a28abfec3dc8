using BillingPortal.Providers;
using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.Security;

/// <summary>A portal as it runs outside Development, under an https address, with TLS ended by somebody before it.</summary>
public sealed class SecurePortal : PortalHost
{
    protected override string EnvironmentName => "Staging";

    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
    [
        new("App:PublicUrl", "https://billing.example"),
        new("Stripe:SecretKey", SandboxDefaults.StripeSecretKey),
        new("Stripe:PublishableKey", SandboxDefaults.StripePublishableKey),
        new("Stripe:WebhookSecret", SandboxDefaults.StripeWebhookSecret),
        new("Stripe:ApiBase", "http://127.0.0.1:9/stripe"),
        new("Stripe:JsUrl", "http://127.0.0.1:9/stripe.js"),
        new("Twilio:AccountSid", SandboxDefaults.TwilioAccountSid),
        new("Twilio:AuthToken", SandboxDefaults.TwilioAuthToken),
        new("Twilio:ApiBase", "http://127.0.0.1:9/twilio"),
        new("Resend:ApiKey", SandboxDefaults.ResendApiKey),
        new("Resend:WebhookSecret", SandboxDefaults.ResendWebhookSecret),
        new("Resend:From", SandboxDefaults.ResendFrom),
        new("Resend:ApiBase", "http://127.0.0.1:9/resend"),
        new("Cron:Secret", "cron-secret-of-the-secure-portal"),
        new("Billing:CronToken", "billing-token-of-the-secure-portal"),
    ];
}
