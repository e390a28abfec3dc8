using BillingPortal.Kernel;
using OpenTelemetry.Metrics;

namespace BillingPortal.Monitoring;

/// <summary>Registers what the portal tells its operator: log lines, metrics, spans, the health of the schedule.</summary>
public static class MonitoringRegistration
{
    // What the framework measures by itself; tenants' hosts and addresses are in none of them (see Meters).
    internal static readonly string[] BuiltInMeters =
    [
        "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.Routing",
        "Microsoft.AspNetCore.Components", "Microsoft.AspNetCore.Components.Lifecycle", "Microsoft.AspNetCore.Components.Server.Circuits",
        "Microsoft.AspNetCore.Http.Connections", "System.Net.Http", "System.Runtime", "Npgsql",
    ];

    public static WebApplicationBuilder AddMonitoring(this WebApplicationBuilder builder)
    {
        var options = builder.Configuration.GetSection(MonitoringOptions.Section).Get<MonitoringOptions>() ?? new MonitoringOptions();
        options.Validate();
        builder.AddLogLines();
        var otlp = OtlpExport.Of(builder.Configuration, builder.Environment);
        otlp?.AddLogs(builder.Logging);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<ReadingsReader>();
        builder.Services.AddSingleton<Watch>();
        builder.Services.AddSingleton<StateGauges>();
        builder.Services.AddSingleton<Scraper>();
        builder.Services.AddSingleton(services => Meters(services, otlp));
        builder.Services.AddHostedService<Instruments>();
        builder.Services.AddHealthChecks().AddCheck<JobsCheck>("jobs", tags: [JobsCheck.Tag]);
        if (otlp is not null)
        {
            builder.Services.AddSingleton(_ => otlp.Traces());
        }

        return builder;
    }

    private static MeterProvider Meters(IServiceProvider services, OtlpExport? otlp)
    {
        var meters = OpenTelemetry.Sdk.CreateMeterProviderBuilder().AddMeter(Telemetry.Name).AddMeter(BuiltInMeters)
            .AddView(instrument => instrument.Meter.Name switch
            {
                // Calls go to tenants' own servers, too: which host it was is nobody's business and without bound.
                "System.Net.Http" => new MetricStreamConfiguration
                {
                    TagKeys = ["http.request.method", "http.response.status_code", "error.type"],
                },
                // A series for each kind of component, attribute and page would be thousands.
                "Microsoft.AspNetCore.Components" or "Microsoft.AspNetCore.Components.Lifecycle" =>
                    new MetricStreamConfiguration { TagKeys = ["error.type"] },
                _ => null,
            })
            .AddReader(services.GetRequiredService<Scraper>().Reader);
        otlp?.AddMetrics(meters);
        return meters.Build();
    }
}
