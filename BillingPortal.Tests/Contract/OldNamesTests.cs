using BillingPortal.Providers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting.Internal;

namespace BillingPortal.Tests.Contract;

/// <summary>People who migrate start the portal with the environment they have: each old name sets the .NET setting.</summary>
public sealed class OldNamesTests
{
    [Theory]
    [InlineData("STRIPE_SECRET_KEY", "Stripe:SecretKey", "sk_live_1")]
    [InlineData("STRIPE_PUBLISHABLE_KEY", "Stripe:PublishableKey", "pk_live_1")]
    [InlineData("NEXT_PUBLIC_STRIPE_PUBLISHABLE_KEY", "Stripe:PublishableKey", "pk_live_2")]
    [InlineData("STRIPE_WEBHOOK_SECRET", "Stripe:WebhookSecret", "whsec_1")]
    [InlineData("CRON_SECRET", "Cron:Secret", "a-long-secret")]
    [InlineData("BILLING_CRON_TOKEN", "Billing:CronToken", "a-long-token")]
    [InlineData("TWILIO_ACCOUNT_SID", "Twilio:AccountSid", "AC0123456789abcdef0123456789abcdef")]
    [InlineData("TWILIO_AUTH_TOKEN", "Twilio:AuthToken", "token")]
    [InlineData("RESEND_API_KEY", "Resend:ApiKey", "re_1")]
    [InlineData("RESEND_FROM_EMAIL", "Resend:From", "bills@acme.example")]
    [InlineData("APP_URL", "App:PublicUrl", "https://billing.acme.example")]
    [InlineData("NEXT_PUBLIC_APP_URL", "App:PublicUrl", "https://portal.acme.example")]
    public void An_old_environment_name_sets_the_setting_and_its_own_name_wins(string old, string setting, string value)
    {
        foreach (var environment in new[] { "Production", "Development" })
        {
            Assert.Equal(value, Start(environment, (old, value))[setting]);
            Assert.Equal("own", Start(environment, (old, value), (setting, "own"))[setting]);
        }
    }

    // What a process reads its environment with; the test sets no variable of the machine's.
    private static ConfigurationManager Start(string environment, params (string Name, string Value)[] variables)
    {
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(variables.ToDictionary(one => one.Name, one => (string?)one.Value));
        SandboxDefaults.Apply(configuration, new HostingEnvironment { EnvironmentName = environment });
        return configuration;
    }
}
