using Microsoft.Extensions.Options;

namespace BillingPortal.Providers.Payments;

/// <summary>Registers the Stripe client.</summary>
public static class PaymentsRegistration
{
    public static IServiceCollection AddPayments(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<StripeOptions>().BindConfiguration(StripeOptions.Section)
            .Configure<IConfiguration>((options, settings) =>
                options.WebhookSecrets = SettingRules.Several(settings.GetSection("Stripe:WebhookSecret")))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<StripeOptions>, StripeOptionsValidator>();
        services.AddSingleton(provider => new StripeClient(new StripeTransport(
            provider.GetRequiredService<IOptions<StripeOptions>>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<StripeClient>>())));
        services.AddSingleton<StripeSignature>();
        return services;
    }
}
