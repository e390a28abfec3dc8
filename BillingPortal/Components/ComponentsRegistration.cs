using BillingPortal.Tenants;
using Radzen;

namespace BillingPortal.Components;

/// <summary>Registers Blazor, Radzen and the pages.</summary>
public static class ComponentsRegistration
{
    // As long as js/start.js keeps trying.
    private static readonly TimeSpan CircuitKept = TimeSpan.FromMinutes(3);

    public static IServiceCollection AddComponents(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddRazorComponents().AddInteractiveServerComponents(options => options.DisconnectedCircuitRetentionPeriod = CircuitKept);
        services.AddRadzenComponents();
        services.AddSingleton<SandboxNotice>();
        return services;
    }

    public static WebApplication MapComponents(this WebApplication app)
    {
        app.MapStaticAssets().AllowAnonymous();
        // Pages are for people: an API key is turned away, whatever its scopes.
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode().RequireAuthorization(Policies.Browser);
        return app;
    }
}
