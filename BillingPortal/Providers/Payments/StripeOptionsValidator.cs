using Microsoft.Extensions.Options;

namespace BillingPortal.Providers.Payments;

/// <summary>
/// Stops the start with a message that names the setting; in Production the sandbox's values count as missing.
/// </summary>
internal sealed class StripeOptionsValidator(IHostEnvironment environment) : IValidateOptions<StripeOptions>
{
    public ValidateOptionsResult Validate(string? name, StripeOptions options)
    {
        var isSandbox = options.IsSandbox && !environment.IsProduction();
        List<string?> faults =
        [
            SettingRules.Secret(environment, "Stripe:SecretKey", options.SecretKey, "sk_", "rk_"),
            SettingRules.Secret(environment, "Stripe:PublishableKey", options.PublishableKey, "pk_"),
            SettingRules.Address("Stripe:ApiBase", options.ApiBase, isSandbox, "api.stripe.com"),
            SettingRules.Address("Stripe:JsUrl", options.JsUrl, isSandbox, "js.stripe.com"),
            options.MaxRetries is < 0 or > 10 ? "Stripe:MaxRetries must be from 0 to 10." : null,
            options.TimeoutSeconds is <= 0 or > 300 ? "Stripe:TimeoutSeconds must be above 0 and at most 300." : null,
        ];
        IReadOnlyList<string> secrets = options.WebhookSecrets.Count == 0 ? [""] : options.WebhookSecrets;
        faults.AddRange(secrets.Select(secret =>
            SettingRules.Secret(environment, "Stripe:WebhookSecret", secret, "whsec_")));
        var found = faults.OfType<string>().ToList();
        return found.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(found);
    }
}
