namespace BillingPortal.Purchases;

/// <summary>Registers purchases, Checkout and reconciliation.</summary>
public static class PurchasesRegistration
{
    public static IServiceCollection AddPurchases(this IServiceCollection services, IConfiguration configuration) => services;

    public static IEndpointRouteBuilder MapPurchases(this IEndpointRouteBuilder routes) => routes;
}
