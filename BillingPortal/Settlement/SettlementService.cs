using BillingPortal.Data;
using BillingPortal.Ledger;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace BillingPortal.Settlement;

/// <summary>
/// Debits what was reserved in months that are over: one entry per tenant and month, and its row in the history, in one
/// transaction for each batch of tenants. Safe to repeat, to interrupt anywhere and to run in several places.
/// </summary>
public sealed partial class SettlementService(
    Database database, LedgerWriter ledger, TimeProvider clock, ILogger<SettlementService> logger)
{
    public const string Cause = "settlement";
    private const int BatchesAtOnce = 2;

    private readonly SettlementBatch _batch = new(ledger, clock);

    /// <summary>Their accounts wait for the batch's commit: as many as rents, for some tens of milliseconds.</summary>
    internal int TenantsPerBatch { get; init; } = 250;

    /// <summary>Settles all that is due. One tenant in trouble does not stop the others; the next run tries it again.</summary>
    public async Task<SettlementRun> RunAsync(CancellationToken cancellationToken = default)
    {
        var run = default(SettlementRun);
        var gate = new Lock();
        var last = (Month: "", TenantId: Guid.Empty);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = BatchesAtOnce, CancellationToken = cancellationToken };
        while (await DueAsync(last, cancellationToken) is { Count: > 0 } due)
        {
            var months = due.Select(one => new ReservedMonth(one.TenantId, BillingMonth.Parse(one.Month)));
            await Parallel.ForEachAsync(months.Chunk(TenantsPerBatch), parallel, async (batch, stopping) =>
            {
                var done = await SettleAsync(batch, stopping);
                lock (gate)
                {
                    run += done;
                }
            });
            last = due[^1];
        }

        return run;
    }

    /// <summary>
    /// Debits what a tenant reserved with a month, inside the caller's transaction, which commits. Null: nothing was
    /// reserved, or it has been settled.
    /// </summary>
    public async Task<MonthlyBilling?> SettleAsync(
        UnitOfWork unit, Guid tenantId, BillingMonth month, SettlementReason reason,
        CancellationToken cancellationToken = default) =>
        (await _batch.SettleAsync(unit, [new(tenantId, month)], reason, cancellationToken)).SingleOrDefault();

    // A batch that fails is halved until what spoils it stands alone.
    private async Task<SettlementRun> SettleAsync(ReservedMonth[] months, CancellationToken cancellationToken)
    {
        try
        {
            await using var unit = await database.BeginOpsAsync(cancellationToken);
            var settled = await _batch.SettleAsync(unit, months, SettlementReason.MonthEnd, cancellationToken);
            await unit.CommitAsync(cancellationToken);
            return new SettlementRun(settled.Count, months.Length - settled.Count, Failed: 0);
        }
        catch (Exception fault) when (fault is DbUpdateException or NpgsqlException or InvalidOperationException)
        {
            if (months.Length > 1)
            {
                return await SettleAsync(months[..(months.Length / 2)], cancellationToken)
                    + await SettleAsync(months[(months.Length / 2)..], cancellationToken);
            }

            var (tenantId, month) = months[0];
            LogFailed(logger, fault, tenantId, month.Code);
            RunFaults.Note(tenantId, $"settlement of {month}", fault);
            return new SettlementRun(Settled: 0, Already: 0, Failed: 1);
        }
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
        command.Parameters.Add(new() { Value = TenantsPerBatch * BatchesAtOnce });
        var due = new List<(string, Guid)>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            due.Add((reader.GetString(0), reader.GetGuid(1)));
        }

        return due;
    }

    [LoggerMessage(LogLevel.Error, "Tenant {TenantId} could not be settled for {Month}; the next run tries again")]
    private static partial void LogFailed(ILogger logger, Exception fault, Guid tenantId, string month);
}

/// <summary>What a run did: months debited, those another run was faster with, those that wait for the next run.</summary>
public readonly record struct SettlementRun(int Settled, int Already, int Failed)
{
    public static SettlementRun operator +(SettlementRun left, SettlementRun right) =>
        new(left.Settled + right.Settled, left.Already + right.Already, left.Failed + right.Failed);
}
