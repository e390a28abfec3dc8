using BillingPortal.Tenants;
using Radzen;

namespace BillingPortal.Components;

/// <summary>Registers Blazor, Radzen and the pages.</summary>
public static class ComponentsRegistration
{
    // As long as js/start.js keeps trying.
    private const int CircuitsKeptMax = 200;

    // The longest text of a page, in a click's message.
    private const long MessageBytesMax = 32 * 1024;
    private static readonly TimeSpan CircuitKept = TimeSpan.FromMinutes(3);

    public static IServiceCollection AddComponents(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddRazorComponents().AddInteractiveServerComponents(options =>
        {
            options.DisconnectedCircuitRetentionPeriod = CircuitKept;
            options.DisconnectedCircuitMaxRetained = CircuitsKeptMax;
            options.DetailedErrors = false;
        }).AddHubOptions(hub => hub.MaximumReceiveMessageSize = MessageBytesMax);
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
