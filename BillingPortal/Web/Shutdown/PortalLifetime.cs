using System.Runtime.InteropServices;

namespace BillingPortal.Web.Shutdown;

/// <summary>
/// What SIGTERM and Ctrl-C mean: first not ready while still answering, so that the proxy notices; then the stop, in which requests,
/// jobs and queues come to an end. A second signal stops at once. It ends no process by itself.
/// </summary>
internal sealed partial class PortalLifetime(
    IHostApplicationLifetime application, Departure departure, ShutdownOptions options, IHostEnvironment environment,
    ILogger<PortalLifetime> logger) : IHostLifetime, IDisposable
{
    private readonly List<PosixSignalRegistration> _signals = [];

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT])
        {
            _signals.Add(PosixSignalRegistration.Create(signal, Received));
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        foreach (var signal in _signals)
        {
            signal.Dispose();
        }
    }

    /// <summary>Begins to leave; the process stops after the drain time, or now if it was leaving already.</summary>
    internal void Leave()
    {
        var drain = options.DrainIn(environment);
        if (!departure.Begin() || drain == TimeSpan.Zero)
        {
            application.StopApplication();
            return;
        }

        LogLeaving(logger, drain.TotalSeconds);
        _ = StopAfterAsync(drain);
    }

    // The system would end the process at once.
    private void Received(PosixSignalContext signal)
    {
        signal.Cancel = true;
        Leave();
    }

    private async Task StopAfterAsync(TimeSpan drain)
    {
        await Task.Delay(drain, application.ApplicationStopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        application.StopApplication();
    }

    [LoggerMessage(LogLevel.Information, "Told to stop: not ready from now on, stopping in {Seconds} s")]
    private static partial void LogLeaving(ILogger logger, double seconds);
}
