using BillingPortal.Providers;
using BillingPortal.Providers.Email;
using BillingPortal.Providers.Payments;
using BillingPortal.Providers.Sms;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Options;

namespace BillingPortal.Tests.Providers;

/// <summary>Which settings stop the start, and which are filled in for a developer.</summary>
public sealed class ProviderSettingsTests
{
    private static readonly (string, string)[] Real =
    [
        ("Stripe:SecretKey", "sk_live_1"), ("Stripe:PublishableKey", "pk_live_1"), ("Stripe:WebhookSecret", "whsec_1"),
    ];

    [Fact]
    public void Development_without_keys_gets_the_sandbox()
    {
        var stripe = Stripe("Development");

        Assert.Equal("sk_test_sandbox", stripe.SecretKey);
        Assert.Equal(["whsec_sandbox_stripe"], stripe.WebhookSecrets);
        Assert.Equal("http://127.0.0.1:5081/stripe", stripe.ApiBase.AbsoluteUri);
        Assert.Equal("http://127.0.0.1:5081/stripe.js", stripe.JsUrl.AbsoluteUri);
        Assert.True(stripe.IsSandbox);
    }

    [Fact]
    public void Production_needs_its_own_values_and_names_each_missing_one()
    {
        var fault = Assert.Throws<OptionsValidationException>(() => Stripe("Production"));

        Assert.Contains("Stripe:SecretKey is not set.", fault.Failures);
        Assert.Contains("Stripe:PublishableKey is not set.", fault.Failures);
        Assert.Contains("Stripe:WebhookSecret is not set.", fault.Failures);
    }

    [Fact]
    public void Production_refuses_the_sandboxs_values()
    {
        var fault = Assert.Throws<OptionsValidationException>(() => Stripe("Production",
            ("Stripe:SecretKey", "sk_live_1"), ("Stripe:PublishableKey", "pk_live_1"),
            ("Stripe:WebhookSecret:0", "whsec_1"), ("Stripe:WebhookSecret:1", "whsec_sandbox_stripe")));

        Assert.StartsWith("Stripe:WebhookSecret has the sandbox's value", Assert.Single(fault.Failures),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Real_keys_never_go_to_another_host()
    {
        var fault = Assert.Throws<OptionsValidationException>(
            () => Stripe("Development", [.. Real, ("Stripe:ApiBase", "http://127.0.0.1:5081/stripe"), ("Stripe:JsUrl",
                "https://js.example/x.js")]));

        Assert.Equal(2, fault.Failures.Count());
    }

    [Fact]
    public void A_provider_with_one_key_of_its_own_gets_none_of_the_sandboxs()
    {
        var fault = Assert.Throws<OptionsValidationException>(() =>
            Stripe("Development", ("Stripe:SecretKey", "sk_test_own")));

        Assert.Contains("Stripe:PublishableKey is not set.", fault.Failures);
    }

    [Fact]
    public void Real_keys_in_production_mean_live_mode_at_Stripe_itself()
    {
        var stripe = Stripe("Production", Real);

        Assert.True(stripe.LiveMode);
        Assert.Equal("https://api.stripe.com/", stripe.ApiBase.AbsoluteUri);
        Assert.DoesNotContain("sk_live", stripe.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Old_environment_names_are_read_and_new_ones_win()
    {
        var stripe = Stripe("Production", ("STRIPE_SECRET_KEY", "sk_live_old"), ("NEXT_PUBLIC_STRIPE_PUBLISHABLE_KEY",
            "pk_live_old"),
            ("STRIPE_WEBHOOK_SECRET", "whsec_old, whsec_older"), ("Stripe:SecretKey", "sk_live_new"));

        Assert.Equal(("sk_live_new", "pk_live_old"), (stripe.SecretKey, stripe.PublishableKey));
        Assert.Equal(["whsec_old", "whsec_older"], stripe.WebhookSecrets);
    }

    [Fact]
    public void The_public_address_follows_the_address_that_is_listened_on()
    {
        var configuration = Configure("Development", ("urls", "http://127.0.0.1:6123"));

        Assert.Equal("http://127.0.0.1:6123", configuration["App:PublicUrl"]);
        Assert.Null(Configure("Production", ("urls", "http://127.0.0.1:6123"))["App:PublicUrl"]);
    }

    [Fact]
    public void Production_needs_its_own_cron_secrets()
    {
        var missing = Assert.Throws<OptionsValidationException>(() => Secrets("Production"));
        Assert.Equal(["Cron:Secret is not set.", "Billing:CronToken is not set."], missing.Failures);

        var known = Assert.Throws<OptionsValidationException>(() => Secrets("Production",
            ("CRON_SECRET", "own"), ("Billing:CronToken", "sandbox-billing-cron-token")));
        Assert.Equal(["Billing:CronToken"], known.Failures.Select(fault => fault.Split(' ')[0]));

        Secrets("Production", ("Cron:Secret", "own"), ("BILLING_CRON_TOKEN", "own too"));
        Secrets("Development");
    }

    [Fact]
    public void Resend_in_production_needs_a_webhook_secret_that_is_one_and_takes_several()
    {
        var missing = Assert.Throws<OptionsValidationException>(() => Resend("Production"));
        Assert.Equal(
            ["Resend:ApiKey is not set.", "Resend:From is not set.", "Resend:WebhookSecret is not set."],
            missing.Failures);

        (string, string)[] own = [("RESEND_API_KEY", "re_own"), ("RESEND_FROM_EMAIL", "bills@acme.example")];
        var wrong = Assert.Throws<OptionsValidationException>(() => Resend("Production",
            [.. own, ("Resend:WebhookSecret:0", "whsec_not base64"), ("Resend:WebhookSecret:1", "secret"),
                ("Resend:WebhookSecret:2", SandboxDefaults.ResendWebhookSecret)]));
        Assert.Equal(3, wrong.Failures.Count());

        var rolled = Resend("Production", [.. own, ("Resend:WebhookSecret", "whsec_YQ==, whsec_Yg==")]);
        Assert.Equal(["whsec_YQ==", "whsec_Yg=="], rolled.WebhookSecrets);
    }

    [Fact]
    public void Twilio_in_development_is_the_sandbox_and_in_production_the_real_one_under_old_names_too()
    {
        var sandbox = Twilio("Development");
        Assert.True(sandbox.IsSandbox);
        Assert.Equal("http://127.0.0.1:5081/twilio", sandbox.ApiBase.AbsoluteUri);

        var missing = Assert.Throws<OptionsValidationException>(() => Twilio("Production"));
        Assert.Equal(["Twilio:AccountSid is not set.", "Twilio:AuthToken is not set."], missing.Failures);
        var known = Assert.Throws<OptionsValidationException>(() => Twilio("Production",
            ("TWILIO_ACCOUNT_SID", "AC0123"), ("TWILIO_AUTH_TOKEN", SandboxDefaults.TwilioAuthToken),
            ("Twilio:ApiBase", "http://api.twilio.com")));
        Assert.Equal(
            ["Twilio:AccountSid", "Twilio:AuthToken", "Twilio:ApiBase"],
            known.Failures.Select(fault => fault.Split(' ')[0]));

        var real = Twilio("Production",
            ("TWILIO_ACCOUNT_SID", "AC0123456789abcdef0123456789abcdef"), ("TWILIO_AUTH_TOKEN", "own"));
        Assert.Equal("https://api.twilio.com/", real.ApiBase.AbsoluteUri);
        Assert.DoesNotContain("own", real.ToString(), StringComparison.Ordinal);
    }

    private static TwilioOptions Twilio(string environment, params (string, string)[] settings)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(Configure(environment, settings));
        services.AddSingleton<IHostEnvironment>(new HostingEnvironment { EnvironmentName = environment });
        services.AddSms(new ConfigurationManager());
        return services.BuildServiceProvider().GetRequiredService<IOptions<TwilioOptions>>().Value;
    }

    private static ResendOptions Resend(string environment, params (string, string)[] settings)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(Configure(environment, settings));
        services.AddSingleton<IHostEnvironment>(new HostingEnvironment { EnvironmentName = environment });
        services.AddEmail(new ConfigurationManager());
        return services.BuildServiceProvider().GetRequiredService<IOptions<ResendOptions>>().Value;
    }

    private static void Secrets(string environment, params (string, string)[] settings)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(Configure(environment, settings));
        services.AddSingleton<IHostEnvironment>(new HostingEnvironment { EnvironmentName = environment });
        services.AddSharedSecrets();
        Assert.NotNull(services.BuildServiceProvider().GetRequiredService<IOptions<SharedSecrets>>().Value);
    }

    private static StripeOptions Stripe(string environment, params (string, string)[] settings)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(Configure(environment, settings));
        services.AddSingleton<IHostEnvironment>(new HostingEnvironment { EnvironmentName = environment });
        services.AddPayments(new ConfigurationManager());
        return services.BuildServiceProvider().GetRequiredService<IOptions<StripeOptions>>().Value;
    }

    private static ConfigurationManager Configure(string environment, params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(settings.ToDictionary(pair => pair.Name, pair => (string?)pair.Value));
        SandboxDefaults.Apply(configuration, new HostingEnvironment { EnvironmentName = environment });
        return configuration;
    }
}
