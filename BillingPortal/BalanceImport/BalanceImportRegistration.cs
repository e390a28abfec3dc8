namespace BillingPortal.BalanceImport;

/// <summary>Registers the command that brings tenants over.</summary>
public static class BalanceImportRegistration
{
    public static IServiceCollection AddBalanceImport(this IServiceCollection services) => services
        .AddSingleton<BalanceImporter>()
        .AddSingleton<BalanceImportCommand>();
}
