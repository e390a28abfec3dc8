namespace BillingPortal.Tenants;

/// <summary>Registers tenants, sign-in and API keys.</summary>
public static class TenantsRegistration
{
    public static IServiceCollection AddTenants(this IServiceCollection services, IConfiguration configuration) => services;

    public static IEndpointRouteBuilder MapTenants(this IEndpointRouteBuilder routes) => routes;
}
