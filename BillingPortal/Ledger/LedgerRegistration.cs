namespace BillingPortal.Ledger;

/// <summary>Registers the ledger: writer, readers, audit.</summary>
public static class LedgerRegistration
{
    public static IServiceCollection AddLedger(this IServiceCollection services, IConfiguration configuration)
    {
        var options = configuration.GetSection("Ledger").Get<LedgerOptions>() ?? new LedgerOptions();
        options.Validate();
        services.AddSingleton(options);
        services.AddSingleton<LedgerWriter>();
        services.AddHostedService(provider => provider.GetRequiredService<LedgerWriter>());
        services.AddSingleton<BalanceReader>();
        services.AddSingleton<EntryReader>();
        services.AddSingleton<EntryDays>();
        services.AddSingleton<LedgerAudit>();
        services.AddSingleton<RechargeRequests>();
        services.AddSingleton<HoldExpiry>();
        services.AddSingleton<TopUp>();
        return services;
    }
}
