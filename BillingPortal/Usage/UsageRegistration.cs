using BillingPortal.Providers.Sandbox;
using BillingPortal.Tenants;
using Microsoft.Extensions.Options;

namespace BillingPortal.Usage;

/// <summary>Registers usage: events, holds, import.</summary>
public static class UsageRegistration
{
    public static IServiceCollection AddUsage(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<UsageOptions>().Bind(configuration.GetSection(UsageOptions.Section))
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<UsageOptions>>().Value);
        services.AddSingleton<UsageDetails>();
        services.AddSingleton<UsageService>();
        services.AddSingleton<UsageHoldService>();
        services.AddSingleton<UsageHoldExtension>();
        services.AddSingleton<UsageSettlement>();
        services.AddSingleton<ReplayRecharges>();
        services.AddSingleton<UsageReplay>();
        services.AddSingleton(provider => new UsageImport(
            provider.GetRequiredService<UsageService>(),
            provider.GetService<SandboxClockClient>() is null ? null : provider.GetRequiredService<UsageReplay>(),
            provider.GetRequiredService<TenantReader>(), provider.GetRequiredService<UsageOptions>(),
            provider.GetRequiredService<TimeProvider>()));
        return services;
    }

    public static IEndpointRouteBuilder MapUsage(this IEndpointRouteBuilder routes)
    {
        var usage = routes.MapGroup("/api/usage").RequireAuthorization(Policies.TenantUsage).WithTags("Usage");
        usage.MapEvents();
        usage.MapHolds();
        return routes;
    }
}
