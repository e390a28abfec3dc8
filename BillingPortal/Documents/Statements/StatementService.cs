using BillingPortal.Data;
using BillingPortal.Documents.Billing;
using BillingPortal.Kernel;
using BillingPortal.Settlement;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BillingPortal.Documents.Statements;

/// <summary>
/// Makes statements from the books. A month that is over is stored the first time somebody wants it, and read from then
/// on; two who make it at once make the same. An entry belongs to the month in which it was posted (UTC).
/// </summary>
public sealed class StatementService(
    Database database, SettlementReader settlements, IOptions<SellerOptions> seller, TimeProvider clock)
{
    /// <summary>
    /// Null when the account had no entry by the end of that month, or the month has not begun. Commits.
    /// </summary>
    public async Task<Statement?> FindAsync(
        Guid tenantId, Unit account, StatementMonth month, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var statement = await MakeAsync(unit, tenantId, account, month, cancellationToken);
        await unit.CommitAsync(cancellationToken);
        return statement;
    }

    /// <summary>The account's months, youngest first, from before a month on. Commits.</summary>
    public async Task<IReadOnlyList<Statement>> ListAsync(
        Guid tenantId, Unit account, int most, StatementMonth? before = null,
        CancellationToken cancellationToken = default)
    {
        var statements = new List<Statement>();
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        if (await StatementBooks.BeginningAsync(unit, tenantId, account, cancellationToken) is not { } beginning)
        {
            return statements;
        }

        var (first, running) = (StatementMonth.Of(beginning), StatementMonth.Of(clock.GetUtcNow()));
        for (var month = before is { } end && end <= running ? end.Previous : running;
             month >= first && statements.Count < most;
             month = month.Previous)
        {
            if (await MakeAsync(unit, tenantId, account, month, cancellationToken) is { } statement)
            {
                statements.Add(statement);
            }
        }

        await unit.CommitAsync(cancellationToken);
        return statements;
    }

    /// <summary>In the caller's transaction, which runs as the operator.</summary>
    internal async Task<Statement?> MakeAsync(
        UnitOfWork unit, Guid tenantId, Unit account, StatementMonth month, CancellationToken cancellationToken)
    {
        if (await StoredAsync(unit, tenantId, account, month, cancellationToken) is { } stored)
        {
            return stored;
        }

        var now = clock.GetUtcNow();
        if (month.Start > now
            || await DrawUpAsync(unit, tenantId, account, month, now, cancellationToken) is not { } made)
        {
            return null;
        }

        if (!made.IsFinal || unit.IsReadOnly || await StoreAsync(unit, made, cancellationToken))
        {
            return made;
        }

        // Somebody was quicker: theirs has the names and addresses that count.
        return await StoredAsync(unit, tenantId, account, month, cancellationToken);
    }

    private static Task<Statement?> StoredAsync(
        UnitOfWork unit, Guid tenantId, Unit account, StatementMonth month, CancellationToken cancellationToken) =>
        unit.Db.Set<Statement>().AsNoTracking().SingleOrDefaultAsync(
            row => row.TenantId == tenantId && row.Unit == account && row.Month == month.FirstDay, cancellationToken);

    private async Task<Statement?> DrawUpAsync(
        UnitOfWork unit, Guid tenantId, Unit account, StatementMonth month, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var through = await StatementBooks.CutAsync(unit, tenantId, account, month.End, cancellationToken);
        if (through == 0)
        {
            return null;
        }

        var after = await StatementBooks.CutAsync(unit, tenantId, account, month.Start, cancellationToken);
        var groups = await StatementBooks.GroupsAsync(unit, tenantId, account, after, through, cancellationToken);
        var lines = await LinesAsync(unit, tenantId, account, groups, cancellationToken);
        var debt = await StatementBooks.DebtAsync(unit, tenantId, account, month, cancellationToken);
        var customer = await BillingDetailsService.CustomerAsync(unit, tenantId, cancellationToken);
        var statement = new Statement
        {
            TenantId = tenantId,
            Unit = account,
            Month = month.FirstDay,
            AfterSeq = after,
            ThroughSeq = through,
            OpeningE4 = await StatementBooks.BalanceAtAsync(unit, tenantId, account, after, cancellationToken),
            ChangeE4 = lines.Sum(line => line.AmountE4),
            ClosingE4 = await StatementBooks.BalanceAtAsync(unit, tenantId, account, through, cancellationToken),
            DebtOpeningE4 = debt.Opening,
            DebtIncurredE4 = debt.Incurred,
            DebtRepaidE4 = debt.Repaid,
            Lines = lines,
            Reserved = account is Unit.Usd
                ? await ReservedAsync(unit, tenantId, month, groups, cancellationToken)
                : [],
            Seller = seller.Value.ToParty(),
            Customer = customer.Party,
            PurchaseOrder = customer.PurchaseOrder,
            MadeAt = now,
        };
        return statement.OpeningE4 + statement.ChangeE4 == statement.ClosingE4
            ? statement
            : throw new InvalidOperationException(
                $"The entries of tenant {tenantId} in {account} do not add up in {month}: run the audit.");
    }

    // A settlement is broken down into what was used, by service and rate: its lines are the entry, to the last digit.
    private async Task<IReadOnlyList<StatementLine>> LinesAsync(
        UnitOfWork unit, Guid tenantId, Unit account, IReadOnlyList<EntryGroup> groups, CancellationToken cancellationToken)
    {
        var lines = new List<StatementLine>();
        foreach (var group in groups)
        {
            var uses = SettledBy(group) is { } month
                ? StatementLines.Of(group, month, await settlements.LinesAsync(unit, tenantId, month, cancellationToken))
                : null;
            lines.AddRange(uses ?? [StatementLines.Of(group, account)]);
        }

        return [.. lines.OrderBy(line => StatementLines.OrderOf(line.Section))];
    }

    // Of a month that was closed early there is nothing more, but while it is running what is reserved with the next.
    private async Task<IReadOnlyList<StatementLine>> ReservedAsync(
        UnitOfWork unit, Guid tenantId, StatementMonth month, IReadOnlyList<EntryGroup> groups,
        CancellationToken cancellationToken)
    {
        var own = new BillingMonth(month.FirstDay);
        if (groups.Any(group => SettledBy(group) == own))
        {
            if (month.IsClosed(clock.GetUtcNow()))
            {
                return [];
            }

            own = own.Next;
        }

        return StatementLines.Reserved(own, await settlements.LinesAsync(unit, tenantId, own, cancellationToken));
    }

    private static BillingMonth? SettledBy(EntryGroup group) =>
        StatementMonth.Parse(group.Month) is { } month ? new BillingMonth(month.FirstDay) : null;

    private static async Task<bool> StoreAsync(
        UnitOfWork unit, Statement statement, CancellationToken cancellationToken)
    {
        // Waits for one who is storing the same.
        await using var alone = unit.Command(
            "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))",
            $"statement:{statement.TenantId}:{statement.Unit.ToCode()}:{statement.Period}");
        await alone.ExecuteNonQueryAsync(cancellationToken);
        if (await StoredAsync(
            unit, statement.TenantId, statement.Unit, statement.Period, cancellationToken) is not null)
        {
            return false;
        }

        unit.Db.Add(statement);
        await unit.Db.SaveChangesAsync(cancellationToken);
        return true;
    }
}
