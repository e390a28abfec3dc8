using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;

namespace BillingPortal.AutoRecharge;

/// <summary>
/// Runs the recharge requests that crossings wrote: at once when PostgreSQL signals one, every minute in case a signal
/// was lost. A slow card holds up its own tenant only.
/// </summary>
public sealed partial class RechargeDrain(
    Database database, RechargeRequests requests, AutoRechargeService recharges, PostgresSignals signals,
    RechargeOptions options,
    ILogger<RechargeDrain> logger) : BackgroundService
{
    private readonly SemaphoreSlim _free = new(options.TenantsAtOnce);

    /// <summary>
    /// Leases what is pending and runs it to the end. For the command line and tests; answers how many it ran.
    /// </summary>
    public async Task<int> DrainAsync(CancellationToken cancellationToken = default)
    {
        var leases = await LeaseAsync(options.TenantsAtOnce, cancellationToken);
        await Task.WhenAll(leases.Select(lease => RunAsync(lease, cancellationToken)));
        return leases.Count;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // On the machine's clock: a rehearsal that moves the portal's must not put the drain to sleep.
        using var loop = new DrainLoop(signals, "recharge", TimeProvider.System, logger);
        await loop.RunAsync(stopping => StartAsync(loop, stopping), stoppingToken);
        for (var ended = 0; ended < options.TenantsAtOnce; ended++)
        {
            await _free.WaitAsync(CancellationToken.None); // a card that is being charged is charged to the end
        }
    }

    public override void Dispose()
    {
        _free.Dispose();
        base.Dispose();
    }

    // Starts as many as there is room for; each one that ends makes the loop look again.
    private async Task<DateTimeOffset?> StartAsync(DrainLoop loop, CancellationToken stopping)
    {
        while (_free.CurrentCount > 0)
        {
            var leases = await LeaseAsync(_free.CurrentCount, stopping);
            if (leases.Count == 0)
            {
                return null;
            }

            foreach (var lease in leases)
            {
                await _free.WaitAsync(stopping);
                _ = Task.Run(async () =>
                {
                    await RunAsync(lease, stopping);
                    _free.Release();
                    loop.Wake();
                }, CancellationToken.None);
            }
        }

        return null;
    }

    private async Task<IReadOnlyList<RechargeLease>> LeaseAsync(int max, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var leases =
            await requests.LeaseAsync(unit, max, TimeSpan.FromSeconds(options.StaleAfterSeconds), cancellationToken);
        await unit.CommitAsync(cancellationToken);
        return leases;
    }

    // A request that fails keeps its lease and comes again when that has run out.
    private async Task RunAsync(RechargeLease lease, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Begin("recharge request");
        span?.SetTag("billing.tenant.id", lease.TenantId.ToString()).SetTag("billing.ledger.crossed_seq", lease.CrossedSeq);
        using var scope = logger.With(("TenantId", lease.TenantId));
        try
        {
            await recharges.RunAsync(lease, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        catch (Exception exception)
        {
            span.Fail(exception);
            LogFailed(logger, exception, lease.TenantId, lease.Attempts);
        }
    }

    [LoggerMessage(LogLevel.Error, "The recharge request of tenant {TenantId} failed at try {Attempt} and comes again")]
    private static partial void LogFailed(ILogger logger, Exception exception, Guid tenantId, int attempt);
}
