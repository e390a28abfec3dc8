using System.Text.Json;
using System.Text.Json.Serialization;
using BillingPortal.Sandbox.Clock;
using BillingPortal.Sandbox.Control;
using BillingPortal.Sandbox.Faults;
using BillingPortal.Sandbox.Resend;
using BillingPortal.Sandbox.Storage;
using BillingPortal.Sandbox.Stripe;
using BillingPortal.Sandbox.Stripe.Api;
using BillingPortal.Sandbox.Stripe.Events;
using BillingPortal.Sandbox.Stripe.Payments;
using BillingPortal.Sandbox.Twilio;
using BillingPortal.Sandbox.Webhooks;

namespace BillingPortal.Sandbox;

/// <summary>
/// The providers as one local server. It stands in for them in development, in the demo and in tests, and shares no
/// code with the portal, so that the same mistake cannot be made on both sides.
/// </summary>
public static class SandboxApp
{
    private const string DefaultUrl = "http://127.0.0.1:5081";

    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("System.Net.Http", LogLevel.Warning);
        configure?.Invoke(builder);
        if (string.IsNullOrEmpty(builder.Configuration[WebHostDefaults.ServerUrlsKey]))
        {
            var port = builder.Configuration["PORT"];
            builder.WebHost.UseUrls(string.IsNullOrEmpty(port) ? DefaultUrl : $"http://127.0.0.1:{port}");
        }

        AddServices(builder);
        var app = builder.Build();
        app.UseBrowserAccess();
        app.MapClock();
        app.MapStripe();
        app.MapResend();
        app.MapTwilio();
        app.MapControl();
        app.MapAssets();
        return app;
    }

    private static void AddServices(WebApplicationBuilder builder)
    {
        var options = builder.Configuration.GetSection("Sandbox").Get<SandboxOptions>() ?? new SandboxOptions();
        var services = builder.Services;
        services.AddSingleton(options);
        services.AddSingleton<World>();
        services.AddSingleton<SandboxTime>();
        services.AddSingleton<ClockSubscribers>();
        services.AddSingleton<FaultSwitches>();
        services.AddSingleton<Idempotency>();
        services.AddSingleton<EventLog>();
        services.AddSingleton<StripePipeline>();
        services.AddSingleton<Mailbox>();
        services.AddSingleton<ResendPipeline>();
        services.AddSingleton<WebhookSettings>();
        services.AddSingleton<WebhookOutbox>();
        services.AddSingleton<WebhookSender>();
        services.AddSingleton<AppointmentKeeper>();
        services.AddTwilio();
        services.AddHostedService(provider => provider.GetRequiredService<WebhookSender>());
        services.AddHostedService(provider => provider.GetRequiredService<AppointmentKeeper>());
        services.AddHttpClient("webhooks").ConfigurePrimaryHttpMessageHandler(
            () => new SocketsHttpHandler { AllowAutoRedirect = false });
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.Converters.Add(
            new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower)));
    }
}
