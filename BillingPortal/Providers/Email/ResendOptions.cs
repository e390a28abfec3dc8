using Microsoft.Extensions.Options;

namespace BillingPortal.Providers.Email;

/// <summary>Settings of Resend, section <c>Resend</c>. Never prints its secrets.</summary>
public sealed record ResendOptions
{
    public const string Section = "Resend";

    public string ApiKey { get; set; } = "";

    /// <summary>The sender: an address, or a name and an address in angle brackets.</summary>
    public string From { get; set; } = "";

    /// <summary>
    /// <c>Resend:WebhookSecret</c>: one, or several (a list, or separated by commas) while a secret is being rolled.
    /// </summary>
    public IReadOnlyList<string> WebhookSecrets { get; set; } = [];

    public Uri ApiBase { get; set; } = new("https://api.resend.com");

    /// <summary>Repeats after the first try of one call; the outbox repeats the whole message later.</summary>
    public int MaxRetries { get; set; } = 2;

    public double TimeoutSeconds { get; set; } = 20;

    public bool IsSandbox => ApiKey == SandboxDefaults.ResendApiKey;

    public override string ToString() => $"Resend at {ApiBase}";
}

/// <summary>Stops the start with a message that names the setting.</summary>
internal sealed class ResendOptionsValidator(IHostEnvironment environment) : IValidateOptions<ResendOptions>
{
    public ValidateOptionsResult Validate(string? name, ResendOptions options)
    {
        List<string?> faults =
        [
            SettingRules.Secret(environment, "Resend:ApiKey", options.ApiKey, "re_"),
            SettingRules.Secret(environment, "Resend:From", options.From),
            options.From.Length > 0 && !options.From.Contains('@') ? "Resend:From must be an email address." : null,
            SettingRules.Address("Resend:ApiBase", options.ApiBase, options.IsSandbox
                && !environment.IsProduction(), "api.resend.com"),
            options.MaxRetries is < 0 or > 10 ? "Resend:MaxRetries must be from 0 to 10." : null,
            options.TimeoutSeconds is <= 0 or > 300 ? "Resend:TimeoutSeconds must be above 0 and at most 300." : null,
        ];
        IReadOnlyList<string> secrets = options.WebhookSecrets.Count == 0 ? [""] : options.WebhookSecrets;
        faults.AddRange(secrets.Select(secret =>
            SettingRules.Secret(environment, "Resend:WebhookSecret", secret, "whsec_") ?? (
                ResendSignature.KeyOf(secret) is null ? "Resend:WebhookSecret must be base64 after whsec_." : null)));
        var found = faults.OfType<string>().ToList();
        return found.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(found);
    }
}
