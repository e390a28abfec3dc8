namespace BillingPortal.Providers.Sandbox;

/// <summary>
/// Keeps <see cref="SandboxClock"/> current by long poll. Reads it once before any other service of the portal starts,
/// so that nothing begins on the wrong day.
/// </summary>
internal sealed partial class SandboxClockFollower(SandboxClockClient client, ILogger<SandboxClockFollower> logger)
    : BackgroundService, IHostedLifecycleService
{
    private const int FirstReadsMax = 20;
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(250);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= FirstReadsMax; attempt++)
        {
            try
            {
                await client.ReadAsync(cancellationToken);
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(BetweenTries, cancellationToken);
            }
        }

        LogNoSandbox(logger);
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var isLost = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                // After a break the sandbox may be a new one that counts its versions from the beginning.
                await (isLost ? client.ReadAsync(stoppingToken) : client.WaitForMoveAsync(stoppingToken));
                isLost = false;
            }
            catch (Exception failure) when (
                failure is HttpRequestException or IOException or TaskCanceledException
                && !stoppingToken.IsCancellationRequested)
            {
                isLost = true;
                await Task.Delay(BetweenTries, stoppingToken);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning,
        "The sandbox does not answer; the portal runs on system time until it does. Start it with ./run, or set "
        + "Sandbox:Url to its address")]
    private static partial void LogNoSandbox(ILogger logger);
}
