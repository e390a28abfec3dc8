namespace BillingPortal.Providers.Payments;

/// <summary>Registers the Stripe client.</summary>
public static class PaymentsRegistration
{
    public static IServiceCollection AddPayments(this IServiceCollection services, IConfiguration configuration) => services;
}
