namespace BillingPortal.Ledger;

/// <summary>Registers the ledger: writer, readers, audit.</summary>
public static class LedgerRegistration
{
    public static IServiceCollection AddLedger(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<LedgerWriter>();
        services.AddSingleton<BalanceReader>();
        return services;
    }
}
