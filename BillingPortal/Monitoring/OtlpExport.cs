using System.Reflection;
using BillingPortal.Kernel;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace BillingPortal.Monitoring;

/// <summary>
/// Sends traces, metrics and logs by OTLP when OpenTelemetry's standard variables say where to
/// (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c>, <c>…_PROTOCOL</c>, <c>…_HEADERS</c>,
/// <c>OTEL_SERVICE_NAME</c>, <c>OTEL_TRACES_SAMPLER</c> …);
/// without an endpoint there is none of it.
/// </summary>
internal sealed class OtlpExport
{
    private const string ServiceName = "billing-portal";

    // Quartz is left out: it would show the scheduler's own look at the clock every few seconds.
    private static readonly string[] Sources =
    [
        Telemetry.Name, "Microsoft.AspNetCore", "Microsoft.AspNetCore.Components", "Microsoft.AspNetCore.Components.Server.Circuits",
        "System.Net.Http", "Npgsql",
    ];

    private readonly IConfiguration _settings;
    private readonly ResourceBuilder _resource;

    private OtlpExport(IConfiguration settings, IHostEnvironment environment)
    {
        _settings = settings;
        var version = typeof(OtlpExport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        _resource = ResourceBuilder.CreateDefault()
            .AddService(settings["OTEL_SERVICE_NAME"] ?? ServiceName, serviceVersion: version, autoGenerateServiceInstanceId: true)
            .AddAttributes([new("deployment.environment.name", environment.EnvironmentName.ToLowerInvariant())]);
    }

    /// <summary>Null: nobody asked for it.</summary>
    public static OtlpExport? Of(IConfiguration settings, IHostEnvironment environment)
    {
        var isOff = string.Equals(settings["OTEL_SDK_DISABLED"], "true", StringComparison.OrdinalIgnoreCase);
        if (isOff || string.IsNullOrWhiteSpace(settings["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        {
            return null;
        }

        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);
        return new OtlpExport(settings, environment);
    }

    public void AddLogs(ILoggingBuilder logging) => logging.AddOpenTelemetry(options =>
    {
        options.IncludeScopes = true;
        options.IncludeFormattedMessage = true;
        options.SetResourceBuilder(_resource).AddOtlpExporter();
    });

    public void AddMetrics(MeterProviderBuilder meters) =>
        meters.ConfigureServices(AddSettings).SetResourceBuilder(_resource).AddOtlpExporter();

    public TracerProvider Traces() => Sdk.CreateTracerProviderBuilder().ConfigureServices(AddSettings).SetResourceBuilder(_resource)
        .AddSource(Sources).AddProcessor(new SpanCare()).AddOtlpExporter().Build();

    // The variables may stand in any of the portal's sources of settings.
    private void AddSettings(IServiceCollection services) => services.AddSingleton(_settings);
}
