using BillingPortal.Audit;
using BillingPortal.Components.Shared;
using BillingPortal.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace BillingPortal.Pricing.Editor;

/// <summary>
/// Changes what is for sale: adds, prices anew, withdraws, takes back what is scheduled. A new price ends the old row and begins the
/// new one in one transaction, with its line in the audit log. Purchases that have begun keep their price.
/// </summary>
public sealed class PackageService(Database database, PriceBook prices, AuditLog log, PricingOptions options, TimeProvider clock)
{
    private const string LockName = "packages";

    // $1 package, $2 and $3 last month, $4 all ids that the package ever had.
    private const string Sales =
        """
        SELECT count(*), count(DISTINCT tenant_id), coalesce(sum(price_cents), 0)::bigint,
          (SELECT count(*) FROM recharge_rules WHERE enabled AND package_id = ANY ($4))
        FROM purchases WHERE package_code = $1 AND settled_at >= $2 AND settled_at < $3
        """;

    public async Task<PackageBoard> ReadAsync(CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        return await ReadAsync(unit, cancellationToken);
    }

    /// <summary>Judges the change as saving would, with what is odd afterwards and what was sold last month.</summary>
    public async Task<PackagePreview> PreviewAsync(
        PackageChange change, Guid seen, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var board = await ReadAsync(unit, cancellationToken);
        if (board.Version != seen)
        {
            return new PackagePreview(EditResult.ChangedSince, null, [], null);
        }

        var verdict = PackagePolicy.Judge(change, board, EditTimes.Soonest(board.At, options), options);
        return verdict.Refusal is { } refusal
            ? new PackagePreview(EditResult.Refused(refusal), null, [], null)
            : new PackagePreview(
                null, verdict, PackageWarnings.Of(verdict.Apply(board).OnSaleAt(verdict.From)),
                verdict.Line is { } line ? await SalesAsync(unit, line, cancellationToken) : null);
    }

    /// <param name="actor">A support lead.</param>
    /// <param name="change">What is wanted.</param>
    /// <param name="seen"><see cref="PackageBoard.Version"/> of what the lead looked at.</param>
    public async Task<EditResult> ChangeAsync(
        Actor actor, PackageChange change, Guid seen, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        await PriceRows.LockAsync(unit, LockName, cancellationToken);
        var board = await ReadAsync(unit, cancellationToken);
        if (board.Version != seen)
        {
            return EditResult.ChangedSince;
        }

        var verdict = PackagePolicy.Judge(change, board, EditTimes.Soonest(board.At, options), options);
        if (verdict.Refusal is { } refusal)
        {
            return EditResult.Refused(refusal);
        }

        var summary = Say(change.Kind, verdict);
        try
        {
            await WriteAsync(unit, verdict, cancellationToken);
            log.Record(unit, new AuditRecord(
                TenantId: null, actor, ActionOf(change.Kind), "package", change.CodeOrNew!, summary,
                Facts(verdict.Line?.Last), Facts(verdict.Apply(board).Find(change.CodeOrNew!)?.Last)));
            unit.AfterCommit(prices.Forget);
            await unit.CommitAsync(cancellationToken);
            return EditResult.Saved(summary);
        }
        catch (Exception failure) when (
            (failure as PostgresException ?? failure.InnerException as PostgresException)?.SqlState
                == PostgresErrorCodes.UniqueViolation)
        {
            return EditResult.ChangedSince; // the second guard, should the lock ever be passed by
        }
    }

    private async Task<PackageBoard> ReadAsync(UnitOfWork unit, CancellationToken cancellationToken) => PackageBoard.Of(
        await unit.Db.Set<CreditPackage>().AsNoTracking().ToListAsync(cancellationToken), clock.GetUtcNow());

    // In this order: at every step at most one row of a package has no end.
    private static async Task WriteAsync(UnitOfWork unit, PackageVerdict verdict, CancellationToken cancellationToken)
    {
        if (verdict.Remove is { } removed)
        {
            await using var remove = unit.Command("DELETE FROM credit_packages WHERE id = $1", removed.Id);
            await remove.ExecuteNonQueryAsync(cancellationToken);
        }

        if (verdict.SetEnd is { } ended)
        {
            await using var end = unit.Command("UPDATE credit_packages SET valid_until = $2 WHERE id = $1", ended.Id, verdict.End);
            end.Parameters[1].NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.TimestampTz;
            await end.ExecuteNonQueryAsync(cancellationToken);
        }

        if (verdict.Insert is { } inserted)
        {
            unit.Db.Add(inserted);
        }
    }

    private async Task<PackageSales?> SalesAsync(UnitOfWork unit, PackageLine line, CancellationToken cancellationToken)
    {
        var end = new DateTimeOffset(line.At.UtcDateTime.Year, line.At.UtcDateTime.Month, 1, 0, 0, 0, TimeSpan.Zero);
        try
        {
            await using var limit = unit.Command($"SET LOCAL statement_timeout = '{options.PreviewSeconds}s'");
            await limit.ExecuteNonQueryAsync(cancellationToken);
            await using var command = unit.Command(
                Sales, line.Code, end.AddMonths(-1), end, line.Rows.Select(row => row.Id).ToArray());
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            await row.ReadAsync(cancellationToken);
            return new PackageSales(
                DateOnly.FromDateTime(end.AddMonths(-1).UtcDateTime), row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3));
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.QueryCanceled)
        {
            return null;
        }
    }

    private static string Say(PackageChangeKind kind, PackageVerdict verdict) => kind switch
    {
        PackageChangeKind.Add => $"{PackageWarnings.Name(verdict.Insert!)}: on sale from {PriceText.Moment(verdict.From)}",
        PackageChangeKind.Reprice =>
            $"{PackageWarnings.Name(verdict.Insert!)} from {PriceText.Moment(verdict.From)}; "
            + $"before {AmountFormat.Cents(verdict.SetEnd!.PriceCents)}",
        PackageChangeKind.Withdraw => $"{PackageWarnings.Name(verdict.SetEnd!)}: not sold any more from {PriceText.Moment(verdict.From)}",
        PackageChangeKind.Undo when verdict.Remove is { } removed =>
            $"{PackageWarnings.Name(removed)} from {PriceText.Moment(verdict.From)} is withdrawn before it began",
        PackageChangeKind.Undo => $"{PackageWarnings.Name(verdict.SetEnd!)}: stays on sale after {PriceText.Moment(verdict.From)}",
    };

    private static string ActionOf(PackageChangeKind kind) => kind switch
    {
        PackageChangeKind.Add => "package.added",
        PackageChangeKind.Reprice => "package.price_changed",
        PackageChangeKind.Withdraw => "package.withdrawn",
        PackageChangeKind.Undo => "package.change_withdrawn",
    };

    private static PackageFacts? Facts(CreditPackage? row) => row is null ? null : new PackageFacts(
        row.Credits, AmountFormat.Cents(row.PriceCents), PackageWarnings.PerCredit(row), PriceText.Moment(row.ValidFrom),
        row.ValidUntil is { } until ? PriceText.Moment(until) : null);

    // What the audit log shows of a package.
    private sealed record PackageFacts(long Credits, string Price, string PerCredit, string From, string? Until);
}

/// <summary>A change as it would be saved, what is odd afterwards, and what was sold; or why it cannot be.</summary>
public sealed record PackagePreview(
    EditResult? Refusal, PackageVerdict? Verdict, IReadOnlyList<string> Warnings, PackageSales? Sales);

/// <summary>What was sold of a package in the last full month, UTC.</summary>
/// <param name="Month">Its first day.</param>
/// <param name="Count">How often it was bought, auto-recharges included.</param>
/// <param name="Tenants">By how many tenants.</param>
/// <param name="Cents">For how much.</param>
/// <param name="RechargeRules">How many tenants recharge with this package by their rule, now.</param>
public sealed record PackageSales(DateOnly Month, long Count, long Tenants, long Cents, long RechargeRules);
