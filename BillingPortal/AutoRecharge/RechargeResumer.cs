using BillingPortal.Data;

namespace BillingPortal.AutoRecharge;

/// <summary>
/// Takes up attempts that nobody works on any more: the process died, the provider did not answer, the cardholder's
/// time is over, an intent is still to be cancelled. Looks every few seconds, in every process; leases keep them apart.
/// </summary>
internal sealed partial class RechargeResumer(
    Database database, RechargeCharger charger, TimeProvider clock, RechargeOptions options,
    ILogger<RechargeResumer> logger)
    : BackgroundService
{
    private const int AttemptsMax = 100;

    /// <summary>One look: resumes what is due and answers how many there were.</summary>
    public async Task<int> ResumeAsync(CancellationToken cancellationToken = default)
    {
        var due = await DueAsync(cancellationToken);
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = options.TenantsAtOnce,
            CancellationToken = cancellationToken
        };
        await Parallel.ForEachAsync(due, parallel, async (attempt, stopping) =>
        {
            try
            {
                await charger.ResumeAsync(attempt.TenantId, attempt.Id, stopping);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                LogFailed(logger, exception, attempt.Id, attempt.TenantId);
            }
        });
        return due.Count;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.FastSweepSeconds), TimeProvider.System);
        do
        {
            try
            {
                await ResumeAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                LogLookFailed(logger, exception); // the database may be away: the next look tries again
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<IReadOnlyList<(Guid TenantId, Guid Id)>> DueAsync(CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        await using var command = unit.Command(
            """
            SELECT tenant_id, id FROM recharge_attempts
            WHERE (state IN ('recorded', 'charging', 'unknown', 'requires_action') OR is_cancel_due)
              AND leased_until < clock_timestamp()
              AND (state <> 'requires_action' OR link_expires_at <= $1)
            ORDER BY leased_until LIMIT $2
            """, clock.GetUtcNow(), AttemptsMax);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var due = new List<(Guid, Guid)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            due.Add((reader.GetGuid(0), reader.GetGuid(1)));
        }

        return due;
    }

    [LoggerMessage(
        LogLevel.Error, "Recharge {AttemptId} of tenant {TenantId} could not be taken up; the next look tries again")]
    private static partial void LogFailed(ILogger logger, Exception exception, Guid attemptId, Guid tenantId);

    [LoggerMessage(LogLevel.Error, "Looking for recharges to take up failed; the next look tries again")]
    private static partial void LogLookFailed(ILogger logger, Exception exception);
}
