using Microsoft.Extensions.Options;

namespace BillingPortal.Grants;

/// <summary>Registers grants that expire.</summary>
public static class GrantsRegistration
{
    public static IServiceCollection AddGrants(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<GrantOptions>().Bind(configuration.GetSection(GrantOptions.Section))
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<GrantOptions>>().Value);
        services.AddSingleton<GrantBooks>();
        services.AddSingleton<GrantService>();
        services.AddSingleton<GrantExpiry>();
        return services;
    }
}
