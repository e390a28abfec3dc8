using BillingPortal.TenantWebhooks.Events;

namespace BillingPortal.TenantWebhooks;

/// <summary>Registers outgoing webhooks.</summary>
public static class TenantWebhooksRegistration
{
    public static IServiceCollection AddTenantWebhooks(this IServiceCollection services)
    {
        services.AddSingleton<TenantEvents>();
        return services;
    }
}
