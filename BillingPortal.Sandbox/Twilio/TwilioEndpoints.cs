using BillingPortal.Sandbox.Twilio.Api;
using BillingPortal.Sandbox.Twilio.Callbacks;
using BillingPortal.Sandbox.Twilio.Messages;
using BillingPortal.Sandbox.Twilio.Numbers;
using BillingPortal.Sandbox.Twilio.Phone;
using BillingPortal.Sandbox.Twilio.Voice;
using BillingPortal.Sandbox.Webhooks;

namespace BillingPortal.Sandbox.Twilio;

/// <summary><c>/twilio/2010-04-01</c>: all of Twilio that the portal uses.</summary>
internal static class TwilioEndpoints
{
    public static void AddTwilio(this IServiceCollection services)
    {
        services.AddSingleton<TwilioSettings>();
        services.AddSingleton<TwilioCallbacks>();
        services.AddSingleton<CallbackAnswers>();
        services.AddSingleton<MessageLife>();
        services.AddSingleton<Handset>();
        services.AddSingleton<PhoneCalls>();
        services.AddSingleton<TwilioPipeline>();
        services.AddHostedService(provider => provider.GetRequiredService<MessageLife>());
    }

    public static void MapTwilio(this WebApplication app)
    {
        app.Services.GetRequiredService<CallbackAnswers>().Listen(app.Services.GetRequiredService<WebhookSender>());
        var pipeline = app.Services.GetRequiredService<TwilioPipeline>();
        var routes = new TwilioRoutes(app, pipeline);
        routes.MapMessages(app.Services.GetRequiredService<MessageLife>());
        routes.MapNumbersForSale();
        routes.MapOwnedNumbers();
        routes.MapCalls();
        app.MapFallback("/twilio/{**path}", context => pipeline.RunAsync(
            context, call => throw TwilioError.NotFound(call.Path)));
    }
}
