namespace BillingPortal.Usage;

/// <summary>Registers usage: events, holds, import.</summary>
public static class UsageRegistration
{
    public static IServiceCollection AddUsage(this IServiceCollection services, IConfiguration configuration) => services;

    public static IEndpointRouteBuilder MapUsage(this IEndpointRouteBuilder routes) => routes;
}
