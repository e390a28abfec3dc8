using BillingPortal.Pricing.Editor;
using Microsoft.Extensions.Options;

namespace BillingPortal.Pricing;

/// <summary>Registers the price book and the packages.</summary>
public static class PricingRegistration
{
    public static IServiceCollection AddPricing(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<PricingOptions>().Bind(configuration.GetSection(PricingOptions.Section))
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<PricingOptions>>().Value);
        services.AddSingleton<PriceBook>();
        services.AddSingleton<PackageReader>();
        services.AddSingleton<PriceReader>();
        services.AddSingleton<PriceService>();
        services.AddSingleton<PackageService>();
        return services;
    }
}
