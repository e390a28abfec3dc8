using BillingPortal.Data;
using BillingPortal.Kernel;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Analytics;

/// <summary>
/// Finds accounts with budgets that have moved since they were last judged, and tells of every share that is reached: once per budget,
/// month and share, whoever looks and however often. It costs the ledger nothing: it reads once a minute what debits leave behind.
/// </summary>
public sealed partial class BudgetWatch(
    Database database, SpendReader spends, BudgetMails mails, TimeProvider clock, ILogger<BudgetWatch> logger)
{
    // Whatever a mark did not show is found by then.
    private static readonly TimeSpan Sweep = TimeSpan.FromHours(1);

    private const string Candidates =
        """
        SELECT a.tenant_id, a.unit FROM accounts a
        JOIN tenants t ON t.id = a.tenant_id AND t.plan = a.unit
        LEFT JOIN budget_marks m ON m.tenant_id = a.tenant_id AND m.unit = a.unit
        WHERE (a.tenant_id, a.unit) IN (SELECT tenant_id, unit FROM budgets)
          AND (m.tenant_id IS NULL OR m.month <> $1 OR m.last_seq <> a.last_seq OR m.held_e4 <> a.held_e4 OR m.judged_at < $2)
        ORDER BY m.judged_at NULLS FIRST LIMIT $3
        """;

    private const string Note =
        """
        INSERT INTO budget_alerts (tenant_id, unit, service, month, share, amount_e4, spent_e4, is_told, at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING
        """;

    private const string Mark =
        """
        INSERT INTO budget_marks (tenant_id, unit, month, last_seq, held_e4, judged_at) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (tenant_id, unit) DO UPDATE SET month = $3, last_seq = $4, held_e4 = $5, judged_at = $6
        """;

    /// <summary>Judges at most so many accounts. What is left is found again by the next run.</summary>
    public async Task<BudgetRun> SweepAsync(int accountsMax, CancellationToken cancellationToken = default)
    {
        var run = default(BudgetRun);
        foreach (var (tenantId, plan) in await FindAsync(accountsMax, cancellationToken))
        {
            try
            {
                run += new BudgetRun(1, await LookAsync(tenantId, plan, cancellationToken), 0);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                LogFailed(logger, tenantId, exception);
                run += new BudgetRun(0, 0, 1);
            }
        }

        return run;
    }

    /// <summary>One account at once. How many shares were told now.</summary>
    public async Task<int> LookAsync(Guid tenantId, Unit plan, CancellationToken cancellationToken = default)
    {
        var spend = await spends.ReadAsync(tenantId, plan, cancellationToken);
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var code = plan.ToCode();
        var budgets = await unit.Db.Set<Budget>().FromSql(
            $"SELECT * FROM budgets WHERE tenant_id = {tenantId} AND unit = {code} ORDER BY service FOR UPDATE")
            .AsNoTracking().ToListAsync(cancellationToken);
        await EndLastMonthAsync(unit, tenantId, plan, spend.Month, cancellationToken);
        var told = 0;
        foreach (var budget in budgets)
        {
            told += await TellAsync(unit, BudgetPolicy.Judge(budget, spend, clock.GetUtcNow()), spend.Month, cancellationToken);
        }

        await using var mark = unit.Command(
            Mark, tenantId, code, spend.Month, spend.LastSeq, spend.HeldE4, clock.GetUtcNow());
        await mark.ExecuteNonQueryAsync(cancellationToken);
        await unit.CommitAsync(cancellationToken);
        return told;
    }

    private async Task<List<(Guid TenantId, Unit Unit)>> FindAsync(int accountsMax, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        await using var command = unit.Command(Candidates, today.AddDays(1 - today.Day), now - Sweep, accountsMax);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<(Guid, Unit)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add((reader.GetGuid(0), Units.Parse(reader.GetString(1))!.Value));
        }

        return found;
    }

    // Of several that are new the highest is told: one mail for all of them.
    private async Task<int> TellAsync(
        UnitOfWork unit, BudgetStanding standing, DateOnly month, CancellationToken cancellationToken)
    {
        var isTold = false;
        foreach (var share in standing.Reached.OrderDescending())
        {
            var alert = new BudgetAlert
            {
                TenantId = standing.Budget.TenantId,
                Unit = standing.Budget.Unit,
                Service = standing.Budget.Service,
                Month = month,
                Share = share,
                AmountE4 = standing.Budget.AmountE4,
                SpentE4 = standing.Spent.E4,
                IsTold = !isTold,
                At = clock.GetUtcNow(),
            };
            await using var note = unit.Command(
                Note, alert.TenantId, alert.Unit.ToCode(), alert.Service, month, share, alert.AmountE4, alert.SpentE4, alert.IsTold,
                alert.At);
            if (await note.ExecuteNonQueryAsync(cancellationToken) == 0)
            {
                break; // it was told before, and so were the lower ones
            }

            if (!isTold)
            {
                mails.Reached(unit, alert, standing);
                isTold = true;
            }
        }

        return isTold ? 1 : 0;
    }

    private async Task EndLastMonthAsync(
        UnitOfWork unit, Guid tenantId, Unit plan, DateOnly month, CancellationToken cancellationToken)
    {
        var isOther = await unit.Db.Set<BudgetMark>().AnyAsync(
            mark => mark.TenantId == tenantId && mark.Unit == plan && mark.Month != month, cancellationToken);
        if (isOther)
        {
            mails.EndAll(unit, tenantId);
        }
    }

    [LoggerMessage(LogLevel.Error, "The budgets of tenant {TenantId} could not be judged")]
    private static partial void LogFailed(ILogger logger, Guid tenantId, Exception exception);
}

/// <summary>What a run of the watch did.</summary>
public readonly record struct BudgetRun(int Judged, int Told, int Failed)
{
    public static BudgetRun operator +(BudgetRun left, BudgetRun right) =>
        new(left.Judged + right.Judged, left.Told + right.Told, left.Failed + right.Failed);
}
