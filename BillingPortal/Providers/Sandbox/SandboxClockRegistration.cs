using Microsoft.Extensions.DependencyInjection.Extensions;

namespace BillingPortal.Providers.Sandbox;

/// <summary>Puts the portal on the sandbox's clock. To be called only where the sandbox is in use.</summary>
public static class SandboxClockRegistration
{
    private const string DefaultUrl = "http://127.0.0.1:5081";

    // A long poll takes up to 25 seconds.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    public static IServiceCollection AddSandboxClock(this IServiceCollection services, IConfiguration configuration)
    {
        var sandbox = (configuration["Sandbox:Url"] ?? DefaultUrl).TrimEnd('/') + "/";
        services.AddSingleton<SandboxClock>();
        services.Replace(ServiceDescriptor.Singleton<TimeProvider>(
            provider => provider.GetRequiredService<SandboxClock>()));
        services.AddSingleton(provider => new SandboxClockClient(
            new HttpClient { BaseAddress = new Uri(sandbox), Timeout = Patience },
            provider.GetRequiredService<SandboxClock>()));
        if (configuration.GetValue("Sandbox:FollowsClock", defaultValue: true))
        {
            services.AddHostedService<SandboxClockFollower>();
        }

        return services;
    }
}
