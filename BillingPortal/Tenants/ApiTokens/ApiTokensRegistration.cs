using BillingPortal.Tenants.Tokens;
using Microsoft.Extensions.Options;

namespace BillingPortal.Tenants.ApiTokens;

/// <summary>Registers the reading of API tokens. Their times are real, whatever the sandbox's clock says.</summary>
internal static class ApiTokensRegistration
{
    public static IServiceCollection AddApiTokens(this IServiceCollection services)
    {
        services.AddOptions<ApiJwtOptions>().BindConfiguration(ApiJwtOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ApiJwtOptions>, ApiJwtOptionsValidator>();
        services.AddSingleton(provider =>
        {
            var isDevelopment = provider.GetRequiredService<IHostEnvironment>().IsDevelopment();
            var client = new IssuerClient(isDevelopment ? IssuerReach.Development : IssuerReach.Operator);
            var keys = new IssuerKeys(client, TimeProvider.System, provider.GetRequiredService<ILogger<IssuerKeys>>());
            return new ApiTokenReader(
                new TokenChecker(keys, TimeProvider.System), provider.GetRequiredService<TenantReader>(),
                provider.GetRequiredService<IOptions<ApiJwtOptions>>(), provider.GetRequiredService<ILogger<ApiTokenReader>>());
        });
        return services;
    }
}
