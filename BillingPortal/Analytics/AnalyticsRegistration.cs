namespace BillingPortal.Analytics;

/// <summary>Registers usage figures, budgets and cohorts.</summary>
public static class AnalyticsRegistration
{
    public static IServiceCollection AddAnalytics(this IServiceCollection services)
    {
        services.AddSingleton<UsageDays>();
        services.AddSingleton<UsageReader>();
        services.AddSingleton<SpendReader>();
        services.AddSingleton<BudgetReader>();
        services.AddSingleton<BudgetMails>();
        services.AddSingleton<BudgetService>();
        services.AddSingleton<BudgetWatch>();
        services.AddSingleton<CohortCounter>();
        services.AddSingleton<CohortReader>();
        return services;
    }

    public static IEndpointRouteBuilder MapAnalytics(this IEndpointRouteBuilder routes) => routes.MapUsageFigures().MapCohorts();
}
