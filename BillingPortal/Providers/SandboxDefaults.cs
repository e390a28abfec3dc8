using System.Globalization;
using Microsoft.Extensions.Configuration.Memory;

namespace BillingPortal.Providers;

/// <summary>
/// Fills in what nobody configured: the environment names of the systems this one replaces, everywhere; and in
/// Development, for a provider without any key, the fixed values of the sandbox. Whatever is configured by its own name
/// wins.
/// </summary>
public static class SandboxDefaults
{
    public const string StripeSecretKey = "sk_test_sandbox";
    public const string StripePublishableKey = "pk_test_sandbox";
    public const string StripeWebhookSecret = "whsec_sandbox_stripe";
    public const string ResendApiKey = "re_sandbox";
    public const string ResendWebhookSecret = "whsec_c2FuZGJveC1yZXNlbmQtd2ViaG9vay1zZWNyZXQ=";
    public const string ResendFrom = "billing@portal.example";
    public const string TwilioAccountSid = "AC00000000000000000000000000000000";
    public const string TwilioAuthToken = "sandbox_twilio_token";
    public const string CronSecret = "sandbox-cron-secret";
    public const string BillingCronToken = "sandbox-billing-cron-token";

    private const string PortalUrl = "http://127.0.0.1:5080";
    private const string SandboxUrl = "http://127.0.0.1:5081";

    private static readonly (string Old, string Setting)[] OldNames =
    [
        ("STRIPE_SECRET_KEY", "Stripe:SecretKey"),
        ("STRIPE_PUBLISHABLE_KEY", "Stripe:PublishableKey"),
        ("NEXT_PUBLIC_STRIPE_PUBLISHABLE_KEY", "Stripe:PublishableKey"),
        ("STRIPE_WEBHOOK_SECRET", "Stripe:WebhookSecret"),
        ("CRON_SECRET", "Cron:Secret"),
        ("BILLING_CRON_TOKEN", "Billing:CronToken"),
        ("TWILIO_ACCOUNT_SID", "Twilio:AccountSid"),
        ("TWILIO_AUTH_TOKEN", "Twilio:AuthToken"),
        ("RESEND_API_KEY", "Resend:ApiKey"),
        ("RESEND_FROM_EMAIL", "Resend:From"),
        ("APP_URL", "App:PublicUrl"),
        ("NEXT_PUBLIC_APP_URL", "App:PublicUrl"),
    ];

    /// <summary>True for a value that everybody knows because it is printed in the documentation.</summary>
    public static bool IsSandboxValue(string? value) => value
        is StripeSecretKey or StripePublishableKey or StripeWebhookSecret
        or ResendApiKey or ResendWebhookSecret or ResendFrom
        or TwilioAccountSid or TwilioAuthToken or CronSecret or BillingCronToken;

    /// <summary>Call once, before the rooms read their settings.</summary>
    public static void Apply(IConfigurationManager configuration, IHostEnvironment environment)
    {
        var fromOldNames = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (old, setting) in OldNames)
        {
            if (configuration[old] is { Length: > 0 } value && !Has(configuration, setting))
            {
                fromOldNames.TryAdd(setting, value);
            }
        }

        Underlay(configuration, fromOldNames);
        if (environment.IsDevelopment())
        {
            Underlay(configuration, Sandbox(configuration));
        }
    }

    // A provider that has one key of its own gets none of the sandbox's: a mixture would fail in ways that are hard to
    // see.
    private static Dictionary<string, string?> Sandbox(IConfiguration configuration)
    {
        var sandbox = (configuration["Sandbox:Url"] ?? SandboxUrl).TrimEnd('/');
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        Fill(configuration, values, ["Stripe:SecretKey", "Stripe:PublishableKey", "Stripe:WebhookSecret"],
            [StripeSecretKey, StripePublishableKey, StripeWebhookSecret],
            ("Stripe:ApiBase", sandbox + "/stripe"), ("Stripe:JsUrl", sandbox + "/stripe.js"));
        Fill(configuration, values, ["Twilio:AccountSid", "Twilio:AuthToken"],
            [TwilioAccountSid, TwilioAuthToken], ("Twilio:ApiBase", sandbox + "/twilio"));
        Fill(configuration, values, ["Resend:ApiKey", "Resend:WebhookSecret", "Resend:From"],
            [ResendApiKey, ResendWebhookSecret, ResendFrom], ("Resend:ApiBase", sandbox + "/resend"));
        Fill(configuration, values, ["Cron:Secret"], [CronSecret]);
        Fill(configuration, values, ["Billing:CronToken"], [BillingCronToken]);
        Fill(configuration, values, ["App:PublicUrl"], [OwnUrl(configuration)]);
        return values;
    }

    private static void Fill(
        IConfiguration configuration, Dictionary<string, string?> values, string[] keys, string[] defaults,
        params ReadOnlySpan<(string Setting, string Value)> addresses)
    {
        if (keys.Zip(defaults).Any(pair => Has(configuration, pair.First) && configuration[pair.First] != pair.Second))
        {
            return;
        }

        foreach (var (key, value) in keys.Zip(defaults))
        {
            values[key] = value;
        }

        foreach (var (setting, value) in addresses)
        {
            values[setting] = value;
        }
    }

    private static string OwnUrl(IConfiguration configuration)
    {
        if (configuration["urls"]?.Split(';')[0] is { Length: > 0 } url
            && Uri.TryCreate(url, UriKind.Absolute, out var own))
        {
            return $"{own.Scheme}://{own.Authority}";
        }

        return int.TryParse(configuration["PORT"], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? $"http://127.0.0.1:{port}"
            : PortalUrl;
    }

    private static bool Has(IConfiguration configuration, string setting) =>
        configuration[setting] is { Length: > 0 } || configuration.GetSection(setting).GetChildren().Any();

    // Below every other source, so that whatever is configured later still wins.
    private static void Underlay(IConfigurationManager configuration, Dictionary<string, string?> values)
    {
        if (values.Count > 0)
        {
            configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = values });
        }
    }
}
