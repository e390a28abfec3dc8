using BillingPortal.Providers.Sandbox;
using Microsoft.Extensions.Options;

namespace BillingPortal.Demo;

/// <summary>Registers the demo, which exists only in Development on the sandbox.</summary>
public static class DemoRegistration
{
    public static IServiceCollection AddDemo(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<DemoOptions>().Bind(configuration.GetSection(DemoOptions.Section))
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<DemoOptions>>().Value);
        services.AddSingleton<DemoTenants>();
        services.AddSingleton<DemoPurchases>();
        services.AddSingleton<DemoNumbers>();
        services.AddSingleton<DemoMessages>();
        services.AddSingleton<DemoCalls>();
        services.AddSingleton<DemoHistory>();
        services.AddSingleton<DemoData>();
        return services;
    }

    /// <summary>Makes the demo where it belongs and is missing. Before <c>RunAsync</c>, after the migrations.</summary>
    public static async Task SeedDemoAsync(this WebApplication app)
    {
        if (app.Environment.IsDevelopment() && app.Services.GetService<SandboxClockClient>() is not null)
        {
            await app.Services.GetRequiredService<DemoData>().SeedAsync(app.Lifetime.ApplicationStopping);
        }
    }
}
