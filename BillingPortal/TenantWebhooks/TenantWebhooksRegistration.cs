using BillingPortal.Outbox;
using BillingPortal.Providers;
using BillingPortal.TenantWebhooks.Delivery;
using BillingPortal.TenantWebhooks.Endpoints;
using BillingPortal.TenantWebhooks.Events;
using BillingPortal.TenantWebhooks.Network;
using BillingPortal.TenantWebhooks.Pages;
using Microsoft.Extensions.Options;

namespace BillingPortal.TenantWebhooks;

/// <summary>Registers outgoing webhooks.</summary>
public static class TenantWebhooksRegistration
{
    public static IServiceCollection AddTenantWebhooks(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddTenantEvents();
        services.AddOptions<TenantWebhookOptions>().Bind(configuration.GetSection(TenantWebhookOptions.Section))
            .ValidateDataAnnotations()
            .Validate(AreNetworks, $"{TenantWebhookOptions.Section}:AllowedNetworks needs networks like 10.0.0.0/8.")
            .ValidateOnStart();
        services.AddSingleton(provider => new NetworkRules(Options(provider).AllowedNetworks));
        services.AddSingleton(provider => new EndpointAddress(
            provider.GetRequiredService<NetworkRules>(),
            Options(provider).AllowHttp ?? provider.GetRequiredService<IHostEnvironment>().IsDevelopment()
                || SandboxDefaults.IsSandboxValue(configuration["Stripe:SecretKey"])));
        services.AddSingleton<GuardedConnector>();
        services.AddSingleton<WebhookSender>(provider => new WebhookSender(
            provider.GetRequiredService<GuardedConnector>(), provider.GetRequiredService<TimeProvider>(), Options(provider)));
        services.AddSingleton<EndpointSecrets>();
        services.AddSingleton<EndpointMails>();
        services.AddSingleton<NewDeliveries>();
        services.AddSingleton<DeliveryStore>();
        services.AddSingleton<DeliveryBook>();
        services.AddSingleton<DeliveryCleanup>();
        services.AddSingleton<DeliveryDispatcher>();
        services.AddHostedService(provider => provider.GetRequiredService<DeliveryDispatcher>());
        services.AddOutboxHandler<EventFanOut>();
        services.AddSingleton<EndpointService>();
        services.AddSingleton<ReplayService>();
        services.AddSingleton<EndpointReader>();
        return services;
    }

    public static IEndpointRouteBuilder MapTenantWebhooks(this IEndpointRouteBuilder routes) => routes.MapDeliveries();

    /// <summary>What the other rooms need to publish; delivers nothing.</summary>
    public static IServiceCollection AddTenantEvents(this IServiceCollection services) =>
        services.AddSingleton<TenantEvents>();

    private static TenantWebhookOptions Options(IServiceProvider provider) =>
        provider.GetRequiredService<IOptions<TenantWebhookOptions>>().Value;

    private static bool AreNetworks(TenantWebhookOptions options) =>
        options.AllowedNetworks.All(text => System.Net.IPNetwork.TryParse(text, out _));
}
