using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace BillingPortal.Settlement;

/// <summary>
/// Debits what was reserved in months that are over: one entry per tenant and month, and its row in the history, in one
/// transaction each. Safe to repeat, to interrupt anywhere and to run in several places.
/// </summary>
public sealed partial class SettlementService(
    Database database, LedgerWriter ledger, TimeProvider clock, ILogger<SettlementService> logger)
{
    public const string Cause = "settlement";
    private const int HoldsPerRound = 500;
    private const int TenantsAtOnce = 4;

    /// <summary>Settles all that is due. One tenant in trouble does not stop the others; the next run tries it again.</summary>
    public async Task<SettlementRun> RunAsync(CancellationToken cancellationToken = default)
    {
        var (settled, already, failed) = (0, 0, 0);
        var last = (Month: "", TenantId: Guid.Empty);
        while (await DueAsync(last, cancellationToken) is { Count: > 0 } due)
        {
            var parallel = new ParallelOptions
            {
                MaxDegreeOfParallelism = TenantsAtOnce,
                CancellationToken = cancellationToken,
            };
            await Parallel.ForEachAsync(due, parallel, async (one, stopping) =>
            {
                try
                {
                    var billing = await SettleAsync(one.TenantId, BillingMonth.Parse(one.Month), stopping);
                    Interlocked.Increment(ref billing is null ? ref already : ref settled);
                }
                catch (Exception fault) when (fault is DbUpdateException or NpgsqlException or InvalidOperationException)
                {
                    Interlocked.Increment(ref failed);
                    LogFailed(logger, fault, one.TenantId, one.Month);
                    RunFaults.Note(one.TenantId, $"settlement of {one.Month}", fault);
                }
            });
            last = due[^1];
        }

        return new SettlementRun(settled, already, failed);
    }

    /// <summary>
    /// Debits what a tenant reserved with a month, inside the caller's transaction, which commits. Null: nothing was
    /// reserved, or it has been settled.
    /// </summary>
    public async Task<MonthlyBilling?> SettleAsync(
        UnitOfWork unit, Guid tenantId, BillingMonth month, SettlementReason reason,
        CancellationToken cancellationToken = default)
    {
        var posted = (await ledger.PostAsync(unit, [PostingOf(tenantId, month)], cancellationToken))[0];
        if (posted.Outcome is PostOutcome.UnknownHold or PostOutcome.HoldEnded or PostOutcome.Duplicate)
        {
            return null;
        }

        if (posted.Outcome is not PostOutcome.Posted)
        {
            throw new InvalidOperationException($"The ledger answered {posted.Outcome} to the settlement of {month}.");
        }

        var (events, late) = await CountAsync(unit, tenantId, month, cancellationToken);
        var billing = new MonthlyBilling
        {
            TenantId = tenantId,
            Month = month.First,
            AmountE4 = posted.Posted.E4,
            Events = events,
            LateEvents = late,
            EntrySeq = posted.Seq,
            HoldId = month.HoldIdOf(tenantId),
            Reason = reason,
            SettledAt = clock.GetUtcNow(),
        };
        unit.Db.Add(billing);
        await unit.Db.SaveChangesAsync(cancellationToken);
        return billing;
    }

    private async Task<MonthlyBilling?> SettleAsync(
        Guid tenantId, BillingMonth month, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var billing = await SettleAsync(unit, tenantId, month, SettlementReason.MonthEnd, cancellationToken);
        await unit.CommitAsync(cancellationToken);
        return billing;
    }

    // In the order of months and tenants after the last one looked at: a run always ends.
    private async Task<List<(string Month, Guid TenantId)>> DueAsync(
        (string Month, Guid TenantId) last, CancellationToken cancellationToken)
    {
        await using var command = database.Ops.CreateCommand(
            """
            SELECT cause_id, tenant_id FROM holds
            WHERE state = 'open' AND cause_type = 'reservation' AND cause_id < $1 AND (cause_id, tenant_id) > ($2, $3)
            ORDER BY cause_id, tenant_id LIMIT $4
            """);
        command.Parameters.Add(new() { Value = BillingMonth.FirstOpen(clock.GetUtcNow()).Code });
        command.Parameters.Add(new() { Value = last.Month });
        command.Parameters.Add(new() { Value = last.TenantId });
        command.Parameters.Add(new() { Value = HoldsPerRound });
        var due = new List<(string, Guid)>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            due.Add((reader.GetString(0), reader.GetGuid(1)));
        }

        return due;
    }

    private Posting PostingOf(Guid tenantId, BillingMonth month) => new()
    {
        TenantId = tenantId,
        Operation = LedgerOperation.Settle,
        Amount = Amount.Zero(Unit.Usd),
        Kind = EntryKind.Settlement,
        Counter = CounterAccount.UsageRevenue,
        Key = Ids.FromName("settlement", tenantId.ToString(), month.Code),
        CauseType = Cause,
        CauseId = month.Code,
        OccurredAt = clock.GetUtcNow(),
        Note = $"Usage of {month.Name}, settled",
        HoldId = month.HoldIdOf(tenantId),
    };

    private static async Task<(int Events, int Late)> CountAsync(
        UnitOfWork unit, Guid tenantId, BillingMonth month, CancellationToken cancellationToken)
    {
        await using var command = unit.Command(
            "SELECT count(*)::int, (count(*) FILTER (WHERE occurred_at < $3))::int FROM hold_extensions "
            + "WHERE tenant_id = $1 AND hold_id = $2",
            tenantId, month.HoldIdOf(tenantId), month.First.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt32(0), reader.GetInt32(1));
    }

    [LoggerMessage(LogLevel.Error, "Tenant {TenantId} could not be settled for {Month}; the next run tries again")]
    private static partial void LogFailed(ILogger logger, Exception fault, Guid tenantId, string month);
}

/// <summary>What a run did: months debited, those another run was faster with, those that wait for the next run.</summary>
public sealed record SettlementRun(int Settled, int Already, int Failed);
