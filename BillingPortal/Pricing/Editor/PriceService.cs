using BillingPortal.Audit;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Outbox;
using BillingPortal.Tenants;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace BillingPortal.Pricing.Editor;

/// <summary>
/// Changes prices for staff: a new price is a new row from a moment on, a scheduled one can be withdrawn, a tenant's own one ended.
/// Each with its line in the audit log, in one transaction. Never touches what an event that has happened was rated by.
/// </summary>
public sealed class PriceService(
    Database database, PriceBook prices, AuditLog log, OutboxWriter outbox, PricingOptions options, TimeProvider clock)
{
    /// <param name="actor">A support lead.</param>
    /// <param name="change">What is wanted.</param>
    /// <param name="seen"><see cref="PriceLine.Version"/> of what the lead looked at.</param>
    public async Task<EditResult> ChangeAsync(
        Actor actor, PriceChange change, Guid seen, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var line = await LockAsync(unit, change.Key, cancellationToken);
        if (line.Version != seen)
        {
            return EditResult.ChangedSince;
        }

        var tenant = await FindTenantAsync(unit, change.Key, cancellationToken);
        var general = await PriceRows.GeneralOfAsync(unit, change.Key, line.At, cancellationToken);
        var verdict = PriceChangePolicy.Judge(change, line, general, EditTimes.Soonest(line.At, options));
        if (change.Key.TenantId is not null && tenant is null)
        {
            return EditResult.Refused("There is no such tenant. Choose one from the list.");
        }

        if (verdict.Row is not { } row)
        {
            return EditResult.Refused(verdict.Refusal!);
        }

        var before = line.InForceAt(row.ValidFrom) ?? general?.InForceAt(row.ValidFrom);
        var summary = $"{Name(change.Key, tenant)}: {PriceText.Of(row)} {Span(row)}; before {PriceText.Of(before)}";
        unit.Db.Add(row);
        Record(unit, actor, change.Key, "changed", summary, before, row);
        return await CommitAsync(unit, change.Key, summary, cancellationToken);
    }

    /// <summary>
    /// A price that has not begun is withdrawn as if it had never been; a tenant's own one in force ends as soon as possible.
    /// </summary>
    public async Task<EditResult> RemoveAsync(
        Actor actor, PriceKey key, Guid rowId, Guid seen, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var line = await LockAsync(unit, key, cancellationToken);
        if (line.Version != seen || line.Rows.FirstOrDefault(one => one.Id == rowId) is not { } row)
        {
            return EditResult.ChangedSince;
        }

        var tenant = await FindTenantAsync(unit, key, cancellationToken);
        var soonest = EditTimes.Soonest(line.At, options);
        if (row.ValidFrom >= soonest)
        {
            unit.Db.Remove(row);
            var withdrawn = $"{Name(key, tenant)}: {PriceText.Of(row)} {Span(row)} is withdrawn before it began";
            Record(unit, actor, key, "withdrawn", withdrawn, row, after: null);
            return await CommitAsync(unit, key, withdrawn, cancellationToken);
        }

        if (row is not TenantPrice own || (own.ValidUntil is { } until && until <= soonest))
        {
            return EditResult.Refused("This price is in force or over, and what was charged by it stays. Enter a new price instead.");
        }

        await using var end = unit.Command("UPDATE tenant_prices SET valid_until = $2 WHERE id = $1", own.Id, soonest);
        await end.ExecuteNonQueryAsync(cancellationToken);
        var summary = $"{Name(key, tenant)}: {PriceText.Of(row)} ends at {PriceText.Moment(soonest)}";
        Record(unit, actor, key, "ended", summary, row, new PriceFacts(PriceText.Of(row), Stamp(row.ValidFrom), Stamp(soonest)));
        return await CommitAsync(unit, key, summary, cancellationToken);
    }

    private async Task<PriceLine> LockAsync(UnitOfWork unit, PriceKey key, CancellationToken cancellationToken)
    {
        await PriceRows.LockAsync(unit, key.LockName, cancellationToken);
        return await PriceRows.ReadAsync(unit, key, clock.GetUtcNow(), cancellationToken);
    }

    private async Task<EditResult> CommitAsync(
        UnitOfWork unit, PriceKey key, string summary, CancellationToken cancellationToken)
    {
        unit.AfterCommit(prices.Forget);
        if (key.Service == ServiceCodes.NumberMonthly)
        {
            outbox.Enqueue(
                unit, RentPriceChanged.MessageKind, key.TenantId, new RentPriceChanged(key.Plan, key.TenantId),
                notBefore: EditTimes.Soonest(clock.GetUtcNow(), options));
        }

        try
        {
            await unit.CommitAsync(cancellationToken);
            return EditResult.Saved(summary);
        }
        catch (DbUpdateException failure) when (
            failure is DbUpdateConcurrencyException
            || failure.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return EditResult.ChangedSince; // the second guard, should the lock ever be passed by
        }
    }

    private void Record(UnitOfWork unit, Actor actor, PriceKey key, string what, string summary, PriceRow? before, object? after) =>
        log.Record(unit, new AuditRecord(
            key.TenantId, actor, key.TenantId is null ? $"price.{what}" : $"price.own_{what}",
            key.TenantId is null ? "price" : "own_price", key.Subject, summary, Facts(before),
            after is PriceRow row ? Facts(row) : after));

    private static PriceFacts? Facts(PriceRow? row) =>
        row is null ? null : new PriceFacts(PriceText.Of(row), Stamp(row.ValidFrom), row.ValidUntil is { } until ? Stamp(until) : null);

    private static string Span(PriceRow row) => PriceText.Span(row.ValidFrom, row.ValidUntil);

    private static string Stamp(DateTimeOffset at) => PriceText.Moment(at);

    private static string Name(PriceKey key, Tenant? tenant) =>
        $"{PriceText.NameOf(key.Service)}, {PriceText.NameOf(key.Plan)}{(tenant is null ? "" : $", {tenant.Name} only")}";

    private static async Task<Tenant?> FindTenantAsync(UnitOfWork unit, PriceKey key, CancellationToken cancellationToken) =>
        key.TenantId is { } id
            ? await unit.Db.Set<Tenant>().AsNoTracking().SingleOrDefaultAsync(tenant => tenant.Id == id, cancellationToken)
            : null;

    // What the audit log shows of a price.
    private sealed record PriceFacts(string Price, string From, string? Until);
}
