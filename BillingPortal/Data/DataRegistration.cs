namespace BillingPortal.Data;

/// <summary>Registers the database of one process.</summary>
public static class DataRegistration
{
    public static IServiceCollection AddData(this IServiceCollection services, ConnectionStrings connections)
    {
        services.AddSingleton(connections);
        services.AddSingleton<Database>();
        services.AddSingleton<Migrator>();
        return services;
    }
}
