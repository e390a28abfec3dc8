namespace BillingPortal.Wallet;

/// <summary>Registers the reading of balances and transactions.</summary>
public static class WalletRegistration
{
    public static IServiceCollection AddWallet(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<WalletOptions>().Bind(configuration.GetSection("Wallet")).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<TransactionReader>();
        services.AddSingleton<TransactionExporter>();
        services.AddSingleton<TransactionsView.Reader>();
        services.AddSingleton<ReservedDays>();
        services.AddSingleton<RenewalReader>();
        services.AddSingleton<OverviewReader>();
        services.AddSingleton<WalletReader>();
        return services;
    }

    public static IEndpointRouteBuilder MapWallet(this IEndpointRouteBuilder routes) => routes.MapWalletEndpoints();
}
