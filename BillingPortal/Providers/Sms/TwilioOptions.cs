using Microsoft.Extensions.Options;

namespace BillingPortal.Providers.Sms;

/// <summary>Settings of Twilio, section <c>Twilio</c>. Never prints its secret.</summary>
public sealed record TwilioOptions
{
    public const string Section = "Twilio";

    public string AccountSid { get; set; } = "";

    /// <summary>The account's primary token: it signs webhooks too, which an API key's secret does not.</summary>
    public string AuthToken { get; set; } = "";

    public Uri ApiBase { get; set; } = new("https://api.twilio.com");

    /// <summary>
    /// Where the calls of a number are answered: the voice application. Without one, the portal itself ends them.
    /// </summary>
    public Uri? VoiceApplicationUrl { get; set; }

    /// <summary>Repeats after the first try, as in Twilio's own SDKs.</summary>
    public int MaxRetries { get; set; } = 3;

    /// <summary>Of one try; 30 s is the default of Twilio's own SDKs.</summary>
    public double TimeoutSeconds { get; set; } = 30;

    public bool IsSandbox => AccountSid == SandboxDefaults.TwilioAccountSid;

    public override string ToString() => $"Twilio at {ApiBase}";
}

/// <summary>
/// Stops the start with a message that names the setting; in Production the sandbox's values count as missing.
/// </summary>
internal sealed class TwilioOptionsValidator(IHostEnvironment environment) : IValidateOptions<TwilioOptions>
{
    private const int SidLength = 34;

    public ValidateOptionsResult Validate(string? name, TwilioOptions options)
    {
        List<string?> faults =
        [
            SettingRules.Secret(environment, "Twilio:AccountSid", options.AccountSid)
                ?? (IsAccountSid(options.AccountSid) ? null : "Twilio:AccountSid must be AC and 32 hexadecimal digits."),
            SettingRules.Secret(environment, "Twilio:AuthToken", options.AuthToken),
            SettingRules.Address("Twilio:ApiBase", options.ApiBase, options.IsSandbox
                && !environment.IsProduction(), "api.twilio.com"),
            options.VoiceApplicationUrl is { IsAbsoluteUri: false }
                ? "Twilio:VoiceApplicationUrl must be an address." : null,
            options.MaxRetries is < 0 or > 10 ? "Twilio:MaxRetries must be from 0 to 10." : null,
            options.TimeoutSeconds is <= 0 or > 300 ? "Twilio:TimeoutSeconds must be above 0 and at most 300." : null,
        ];
        var found = faults.OfType<string>().ToList();
        return found.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(found);
    }

    private static bool IsAccountSid(string sid) => sid.Length == SidLength
        && sid.StartsWith("AC", StringComparison.Ordinal) && sid.Skip(2).All(char.IsAsciiHexDigit);
}
