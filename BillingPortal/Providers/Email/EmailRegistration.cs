using Microsoft.Extensions.Options;

namespace BillingPortal.Providers.Email;

/// <summary>Registers the Resend client.</summary>
public static class EmailRegistration
{
    public static IServiceCollection AddEmail(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ResendOptions>().BindConfiguration(ResendOptions.Section)
            .Configure<IConfiguration>((options, settings) =>
                options.WebhookSecrets = SettingRules.Several(settings.GetSection("Resend:WebhookSecret")))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<ResendOptions>, ResendOptionsValidator>();
        services.AddSingleton<ResendClient>();
        services.AddSingleton<ResendSignature>();
        return services;
    }
}
