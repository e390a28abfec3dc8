using BillingPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Notifications;

/// <summary>
/// Finds accounts whose available amount has left the band in which they were last judged, and has them judged under
/// the lock of their row: whoever looks, and however often, a change is told once. It costs the ledger nothing: it reads
/// once a minute what debits leave behind.
/// </summary>
public sealed partial class AlertWatch(
    Database database, AlertCandidates candidates, AlertJudge judge, ILogger<AlertWatch> logger)
{
    private const int BatchSize = 200;

    private const string Open =
        """
        INSERT INTO alert_states (tenant_id, unit, level, band_from_e4, band_to_e4, rent_due_e4, rent_mark, judged_at,
                                  mails, mailed_seq, idle_reminded)
        SELECT t.id, t.plan, 'good', 1, 0, 0, 0, '-infinity', 0, 0, false FROM tenants t WHERE t.id = ANY ($1)
        ON CONFLICT DO NOTHING
        """;

    /// <summary>Looks at every tenant; judges at most so many. What is left is found again by the next run.</summary>
    public async Task<WatchReport> SweepAsync(int tenantsMax, CancellationToken cancellationToken = default)
    {
        var report = default(WatchReport);
        foreach (var batch in (await candidates.FindAsync(tenantsMax, cancellationToken)).Chunk(BatchSize))
        {
            report += await TryAsync(batch, cancellationToken);
        }

        return report;
    }

    /// <summary>One tenant at once: its threshold was changed, or somebody has a page of it open.</summary>
    public async Task<WatchReport> LookAsync(Guid tenantId, CancellationToken cancellationToken = default) =>
        await candidates.ContainsAsync(tenantId, cancellationToken)
            ? await JudgeAsync([tenantId], cancellationToken)
            : default;

    // One tenant in trouble does not keep the others of its batch waiting.
    private async Task<WatchReport> TryAsync(Guid[] tenantIds, CancellationToken cancellationToken)
    {
        try
        {
            return await JudgeAsync(tenantIds, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            if (tenantIds is [var tenantId])
            {
                LogFailed(logger, tenantId, exception);
                RunFaults.Note(tenantId, "alert level", exception);
                return new WatchReport(0, 0, 0, Failed: 1);
            }
        }

        var report = default(WatchReport);
        foreach (var tenantId in tenantIds)
        {
            report += await TryAsync([tenantId], cancellationToken);
        }

        return report;
    }

    private async Task<WatchReport> JudgeAsync(Guid[] tenantIds, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        await using (var open = unit.Command(Open, tenantIds))
        {
            await open.ExecuteNonQueryAsync(cancellationToken);
        }

        // Whoever holds a row judges it now: nothing is left to do here.
        var states = await unit.Db.Set<AlertState>().FromSql(
            $"""
            SELECT s.* FROM alert_states s JOIN tenants t ON t.id = s.tenant_id AND t.plan = s.unit
            WHERE s.tenant_id = ANY ({tenantIds}) ORDER BY s.tenant_id FOR UPDATE OF s SKIP LOCKED
            """).ToListAsync(cancellationToken);
        var report = await judge.JudgeAsync(unit, states, cancellationToken);
        await unit.CommitAsync(cancellationToken);
        return report;
    }

    [LoggerMessage(LogLevel.Error, "The balance of tenant {TenantId} could not be judged")]
    private static partial void LogFailed(ILogger logger, Guid tenantId, Exception exception);
}

/// <summary>What a look found.</summary>
public readonly record struct WatchReport(int Judged, int Changed, int Mailed, int Failed)
{
    public static WatchReport operator +(WatchReport left, WatchReport right) => new(
        left.Judged + right.Judged, left.Changed + right.Changed, left.Mailed + right.Mailed,
        left.Failed + right.Failed);
}
