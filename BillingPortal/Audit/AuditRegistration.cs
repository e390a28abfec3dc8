namespace BillingPortal.Audit;

/// <summary>Registers the audit log.</summary>
public static class AuditRegistration
{
    public static IServiceCollection AddAudit(this IServiceCollection services)
    {
        services.AddSingleton<AuditLog>();
        services.AddSingleton<AuditReader>();
        return services;
    }
}
