namespace BillingPortal.Outbox;

/// <summary>Registers the outbox, its dispatcher and the doorbell.</summary>
public static class OutboxRegistration
{
    public static IServiceCollection AddOutbox(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<OutboxBell>();
        services.AddSingleton<OutboxWriter>();
        services.AddSingleton<OutboxDispatcher>();
        services.AddHostedService(provider => provider.GetRequiredService<OutboxDispatcher>());
        services.AddSingleton<BalanceFeed>();
        return services;
    }

    /// <summary>A room's handler; made anew for every message.</summary>
    public static IServiceCollection AddOutboxHandler<T>(this IServiceCollection services)
        where T : class, IOutboxHandler => services.AddScoped<IOutboxHandler, T>();
}
