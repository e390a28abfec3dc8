using BillingPortal.Webhooks.Monitor;

namespace BillingPortal.Webhooks;

/// <summary>Registers the inbox, its drain and the webhook endpoints.</summary>
public static class WebhooksRegistration
{
    public static IServiceCollection AddWebhooks(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<WebhookInbox>();
        services.AddSingleton<WebhookReceiver>();
        services.AddSingleton<InboxDrain>();
        services.AddHostedService(provider => provider.GetRequiredService<InboxDrain>());
        services.AddSingleton<StripeReceiver>();
        services.AddSingleton<TwilioReceiver>();
        services.AddSingleton<InboundSmsAnswer>();
        services.AddKeyedScoped<IEventRouter, StripeEventRouter>(WebhookInbox.Stripe);
        services.AddKeyedScoped<IEventRouter, TwilioEventRouter>(WebhookInbox.Twilio);
        services.AddSingleton<StripeEventCatchUp>();
        services.AddSingleton<ResendReceiver>();
        services.AddKeyedScoped<IEventRouter, ResendEventRouter>(WebhookInbox.Resend);
        services.AddSingleton<WebhookMonitor>();
        services.AddSingleton<WebhookReplay>();
        services.AddSingleton<EffectReader>();
        services.AddSingleton<DeadMessages>();
        return services;
    }

    public static IEndpointRouteBuilder MapWebhooks(this IEndpointRouteBuilder routes) =>
        routes.MapStripeWebhooks().MapTwilioWebhooks().MapResendWebhooks();
}
