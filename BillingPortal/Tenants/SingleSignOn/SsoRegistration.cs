using BillingPortal.Tenants.Tokens;
using Microsoft.Extensions.Options;

namespace BillingPortal.Tenants.SingleSignOn;

/// <summary>Registers single sign-on. Tokens and flows age in real time, whatever the sandbox's clock says.</summary>
internal static class SsoRegistration
{
    public static IServiceCollection AddSingleSignOn(this IServiceCollection services)
    {
        services.AddOptions<SsoOptions>().BindConfiguration(SsoOptions.Section);
        services.AddSingleton<SsoReader>();
        services.AddSingleton<SsoService>();
        services.AddSingleton<SsoDomainService>();
        services.AddSingleton<SsoIssuers>();
        services.AddSingleton(provider => new SsoProbe(provider.GetRequiredService<SsoIssuers>().Client));
        services.AddSingleton(provider => provider.GetRequiredService<SsoIssuers>().Exchange);
        services.AddSingleton<SsoFlowCookie>();
        services.AddSingleton<SsoAttempts>();
        services.AddScoped<SsoArrivals>();
        services.AddScoped<SsoSignIn>();
        return services;
    }

    /// <summary>The issuers that tenants name: with a way to the internet and nowhere else, unless that is allowed.</summary>
    internal sealed class SsoIssuers : IDisposable
    {
        public SsoIssuers(IOptions<SsoOptions> options, IHostEnvironment environment, ILoggerFactory loggers)
        {
            Client = new IssuerClient(
                options.Value.AllowPrivateIssuers ?? environment.IsDevelopment() ? IssuerReach.Operator : IssuerReach.Public);
            var keys = new IssuerKeys(Client, TimeProvider.System, loggers.CreateLogger<IssuerKeys>());
            Exchange = new SsoExchange(
                Client, keys, new TokenChecker(keys, TimeProvider.System), loggers.CreateLogger<SsoExchange>());
        }

        public IssuerClient Client { get; }

        public SsoExchange Exchange { get; }

        public void Dispose() => Client.Dispose();
    }
}
