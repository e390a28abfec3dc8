using BillingPortal.Data;
using BillingPortal.Ledger;
using BillingPortal.Outbox;
using BillingPortal.Pricing;

namespace BillingPortal.AutoRecharge;

/// <summary>
/// The night's work of smart mode: reckons each rule that asked for it anew. A change, its reason, the ledger's copy of
/// the threshold and the mail are one commit. It never charges: what falls below a raised threshold becomes a request.
/// </summary>
public sealed partial class SmartRechargeService(
    Database database, SmartTuner tuner, LedgerWriter ledger, PackageReader packages, RechargeMails mails,
    BalanceFeed feed, TimeProvider clock, RechargeOptions options, ILogger<SmartRechargeService> logger)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromHours(12);

    /// <summary>Safe to repeat: rules that were reckoned in the last half day are left alone.</summary>
    public async Task<SmartSweep> SweepAsync(int tenantsMax, CancellationToken cancellationToken = default)
    {
        var (changed, failed) = (0, 0);
        var due = await DueAsync(tenantsMax, cancellationToken);
        foreach (var tenantId in due)
        {
            try
            {
                changed += await AdjustAsync(tenantId, cancellationToken) ? 1 : 0;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                failed++;
                LogFailed(logger, exception, tenantId); // the others get theirs
                RunFaults.Note(tenantId, "smart mode", exception);
            }
        }

        return new SmartSweep(due.Count, changed, failed);
    }

    private async Task<bool> AdjustAsync(Guid tenantId, CancellationToken cancellationToken)
    {
        await tuner.PrepareAsync(tenantId, cancellationToken);
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        if (await SituationReader.LockRuleAsync(unit, tenantId, cancellationToken) is not { } rule)
        {
            return false;
        }

        var change = await tuner.TuneAsync(unit, rule, before: null, cancellationToken);
        if (change is not null)
        {
            unit.Db.Add(change);
            if (SmartRechargePolicy.IsNoticeable(change, options))
            {
                mails.Adjusted(unit, rule, change, RechargeSizing.Largest(
                    rule, await packages.ListAsync(cancellationToken), options));
            }
        }

        await unit.Db.SaveChangesAsync(cancellationToken);
        if (change is not null)
        {
            await ledger.SetRechargeBelowAsync(
                unit, tenantId, rule.Unit, rule.Enabled ? rule.Threshold : null, cancellationToken);
            feed.Ring(unit, tenantId);
        }

        await unit.CommitAsync(cancellationToken);
        return change is not null;
    }

    private async Task<IReadOnlyList<Guid>> DueAsync(int tenantsMax, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        await using var command = unit.Command(
            """
            SELECT r.tenant_id FROM recharge_rules r JOIN tenants t ON t.id = r.tenant_id
            WHERE r.enabled AND r.unit = t.plan AND (r.smart = 'automatic' OR r.notice_hours > 0)
              AND (r.pace_at IS NULL OR r.pace_at < $1 OR r.pace_at > $2)
            ORDER BY r.pace_at NULLS FIRST, r.tenant_id LIMIT $3
            """, clock.GetUtcNow() - Fresh, clock.GetUtcNow(), tenantsMax);
        var tenants = new List<Guid>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            tenants.Add(reader.GetGuid(0));
        }

        return tenants;
    }

    [LoggerMessage(LogLevel.Error, "Smart mode of tenant {TenantId} failed; the next run tries again")]
    private static partial void LogFailed(ILogger logger, Exception exception, Guid tenantId);
}

/// <summary>What a night did.</summary>
public sealed record SmartSweep(int Looked, int Changed, int Failed);
