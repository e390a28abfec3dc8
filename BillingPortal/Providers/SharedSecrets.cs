using Microsoft.Extensions.Options;

namespace BillingPortal.Providers;

/// <summary>
/// Secrets that are not one client's own: what schedulers outside present. They are checked at start like the others: in
/// Production each is set, and none has the sandbox's value.
/// </summary>
public sealed class SharedSecrets
{
    private static readonly string[] Needed = ["Cron:Secret", "Billing:CronToken"];

    internal IReadOnlyList<string> Faults { get; set; } = [];

    internal static IReadOnlyList<string> Check(IConfiguration settings, IHostEnvironment environment)
    {
        var faults = Needed.Select(name => SettingRules.Secret(environment, name, settings[name]));
        return [.. faults.OfType<string>()];
    }
}

/// <summary>Registers the check.</summary>
public static class SharedSecretsRegistration
{
    public static IServiceCollection AddSharedSecrets(this IServiceCollection services)
    {
        services.AddOptions<SharedSecrets>()
            .Configure<IConfiguration, IHostEnvironment>((secrets, settings, environment) =>
                secrets.Faults = SharedSecrets.Check(settings, environment))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<SharedSecrets>, SharedSecretsValidator>();
        return services;
    }

    private sealed class SharedSecretsValidator : IValidateOptions<SharedSecrets>
    {
        public ValidateOptionsResult Validate(string? name, SharedSecrets options) =>
            options.Faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(options.Faults);
    }
}
