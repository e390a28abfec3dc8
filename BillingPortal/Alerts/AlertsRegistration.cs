namespace BillingPortal.Alerts;

/// <summary>Registers mail to people: templates, outbox handler, log.</summary>
public static class AlertsRegistration
{
    public static IServiceCollection AddAlerts(this IServiceCollection services, IConfiguration configuration) => services;
}
