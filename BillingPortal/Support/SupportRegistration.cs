using BillingPortal.Support.Metrics;
using BillingPortal.Support.Worklist;
using Microsoft.Extensions.Options;

namespace BillingPortal.Support;

/// <summary>Registers the staff's desk: search, tenants, refunds, adjustments, approvals.</summary>
public static class SupportRegistration
{
    public static IServiceCollection AddSupport(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<SupportOptions>().Bind(configuration.GetSection(SupportOptions.Section))
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<SupportOptions>>().Value);
        services.AddSingleton<RefundRunner>();
        services.AddSingleton<RefundService>();
        services.AddSingleton<AdjustmentMails>();
        services.AddSingleton<AdjustmentService>();
        services.AddSingleton<ApprovalService>();
        services.AddSingleton<StaffActionReader>();
        services.AddSingleton<StaffLimits>();
        services.AddSingleton<TenantSearch>();
        services.AddSingleton<TenantDesk>();
        services.AddSingleton<TimelineReader>();
        services.AddSingleton<WorklistReader>();
        services.AddSingleton<MetricsReader>();
        services.AddSingleton<RechargeRetry>();
        return services;
    }
}
