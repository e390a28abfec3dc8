using BillingPortal.Sandbox.Twilio.Api;
using BillingPortal.Sandbox.Twilio.Callbacks;
using BillingPortal.Sandbox.Twilio.Messages;
using BillingPortal.Sandbox.Twilio.Numbers;

namespace BillingPortal.Sandbox.Twilio;

/// <summary><c>/twilio/2010-04-01</c>: all of Twilio that the portal uses.</summary>
internal static class TwilioEndpoints
{
    public static void AddTwilio(this IServiceCollection services)
    {
        services.AddSingleton<TwilioSettings>();
        services.AddSingleton<TwilioCallbacks>();
        services.AddSingleton<MessageLife>();
        services.AddSingleton<TwilioPipeline>();
        services.AddHostedService(provider => provider.GetRequiredService<MessageLife>());
    }

    public static void MapTwilio(this WebApplication app)
    {
        var pipeline = app.Services.GetRequiredService<TwilioPipeline>();
        var routes = new TwilioRoutes(app, pipeline);
        routes.MapMessages();
        routes.MapNumbersForSale();
        routes.MapOwnedNumbers();
        app.MapFallback("/twilio/{**path}", context => pipeline.RunAsync(
            context, call => throw TwilioError.NotFound(call.Path)));
    }
}
