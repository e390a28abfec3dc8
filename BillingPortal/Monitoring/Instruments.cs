using System.Diagnostics;
using BillingPortal.Jobs;
using BillingPortal.Kernel;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace BillingPortal.Monitoring;

/// <summary>
/// Switches the instruments on before anything else starts. Requests, events of open pages and background work get an identity here even
/// when no trace leaves the process, because their log lines name it.
/// </summary>
internal sealed class Instruments : IHostedService, IDisposable
{
    private readonly ActivityListener _identities = new()
    {
        ShouldListenTo = source => source.Name is Telemetry.Name or "Microsoft.AspNetCore" or "Microsoft.AspNetCore.Components",
        Sample = (ref ActivityCreationOptions<ActivityContext> asked) =>
            asked.Kind is ActivityKind.Consumer || asked.Source.Name is not Telemetry.Name
                ? ActivitySamplingResult.PropagationData
                : ActivitySamplingResult.None,
    };

    private readonly IServiceProvider _services;

    public Instruments(IServiceProvider services)
    {
        _services = services;
        ActivitySource.AddActivityListener(_identities);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _services.GetRequiredService<MeterProvider>();
        _services.GetRequiredService<StateGauges>();
        _services.GetService<TracerProvider>();
        Zeros.All(_services.GetRequiredService<IReadOnlyList<ScheduledJob>>());
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _identities.Dispose();
}
