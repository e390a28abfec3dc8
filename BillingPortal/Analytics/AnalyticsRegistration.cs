namespace BillingPortal.Analytics;

/// <summary>Registers usage figures.</summary>
public static class AnalyticsRegistration
{
    public static IServiceCollection AddAnalytics(this IServiceCollection services)
    {
        services.AddSingleton<UsageDays>();
        services.AddSingleton<UsageReader>();
        return services;
    }

    public static IEndpointRouteBuilder MapAnalytics(this IEndpointRouteBuilder routes) => routes.MapUsageFigures();
}
