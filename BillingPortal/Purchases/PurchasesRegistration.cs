namespace BillingPortal.Purchases;

/// <summary>Registers purchases, Checkout and reconciliation.</summary>
public static class PurchasesRegistration
{
    public static IServiceCollection AddPurchases(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<PurchasesOptions>().Bind(configuration.GetSection(PurchasesOptions.Section))
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<PurchaseRows>();
        services.AddSingleton<PurchaseIntents>();
        services.AddSingleton<PurchaseQuotes>();
        services.AddSingleton<PurchaseMails>();
        services.AddSingleton<PurchaseSettlement>();
        services.AddSingleton<TransferPayments>();
        services.AddSingleton<PurchaseService>();
        services.AddSingleton<ReversalService>();
        services.AddSingleton<CheckoutService>();
        services.AddSingleton<ReconcileService>();
        services.AddSingleton<PurchaseReader>();
        services.AddSingleton<BuyFlow>();
        return services;
    }

    public static IEndpointRouteBuilder MapPurchases(this IEndpointRouteBuilder routes) =>
        routes.MapPurchaseEndpoints().MapPayments();
}
