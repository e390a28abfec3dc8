using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Pricing.Editor;

/// <summary>
/// Reads what the price editor shows, straight from the database rather than from the price book's memory. Changes nothing.
/// </summary>
public sealed class PriceReader(Database database, PricingOptions options, TimeProvider clock)
{
    private const int OwnRowsMax = 300;
    private const int TenantsMax = 8;

    public async Task<PriceBoard> ReadAsync(Unit plan, CancellationToken cancellationToken = default)
    {
        var now = clock.GetUtcNow();
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var rows = await unit.Db.Set<Price>().AsNoTracking().Where(row => row.Plan == plan)
            .OrderByDescending(row => row.ValidFrom).ToListAsync(cancellationToken);
        var lately = now.AddMonths(-3);
        var own = await (from row in unit.Db.Set<TenantPrice>().AsNoTracking()
                         join tenant in unit.Db.Set<Tenant>() on row.TenantId equals tenant.Id
                         where row.Plan == plan && (row.ValidUntil == null || row.ValidUntil > lately)
                         orderby tenant.Name, tenant.Id, row.Service, row.ValidFrom descending
                         select new { Row = row, tenant.Name, tenant.Slug })
            .Take(OwnRowsMax + 1).ToListAsync(cancellationToken);
        // A line that was cut off by the limit is not shown at all: half of it would say the wrong price.
        var hasMore = own.Count > OwnRowsMax;
        var lines = own.GroupBy(one => (one.Row.TenantId, one.Row.Service)).Select(group => new OwnPriceLine(
            new PriceLine(new PriceKey(plan, group.Key.Service, group.Key.TenantId), [.. group.Select(one => one.Row)], now),
            group.First().Name, group.First().Slug));
        return new PriceBoard(
            plan, now,
            [.. PriceText.Services.Select(service => new PriceLine(
                new PriceKey(plan, service), [.. rows.Where(row => row.Service == service)], now))],
            [.. hasMore ? lines.SkipLast(1) : lines], hasMore);
    }

    /// <summary>One price with all its rows: what an editor looks at, and says it has looked at when it saves.</summary>
    public async Task<PriceLine> LineAsync(PriceKey key, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        return await PriceRows.ReadAsync(unit, key, clock.GetUtcNow(), cancellationToken);
    }

    /// <summary>Judges the change as saving would, and says what it would have made of last month.</summary>
    public async Task<PricePreview> PreviewAsync(PriceChange change, Guid seen, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var line = await PriceRows.ReadAsync(unit, change.Key, clock.GetUtcNow(), cancellationToken);
        if (line.Version != seen)
        {
            return PricePreview.Refused(EditResult.ChangedSince);
        }

        var general = await PriceRows.GeneralOfAsync(unit, change.Key, line.At, cancellationToken);
        var verdict = PriceChangePolicy.Judge(change, line, general, EditTimes.Soonest(line.At, options));
        if (verdict.Row is not { } row)
        {
            return PricePreview.Refused(EditResult.Refused(verdict.Refusal!));
        }

        var before = line.InForceAt(row.ValidFrom) ?? general?.InForceAt(row.ValidFrom);
        var effect = await PriceEffectReader.ReadAsync(
            unit, change.Key, before, row, line.At, options.PreviewSeconds, cancellationToken);
        return new PricePreview(Refusal: null, before, row, effect, [.. line.Scheduled.Where(one => one.ValidFrom > row.ValidFrom)]);
    }

    /// <summary>Tenants whose name or short name contains the text.</summary>
    public async Task<IReadOnlyList<TenantChoice>> FindTenantsAsync(string text, CancellationToken cancellationToken = default)
    {
        var wanted = text.Trim();
        if (wanted.Length == 0)
        {
            return [];
        }

        // What people type is text, not a pattern.
        var pattern = "%" + wanted.Replace(@"\", @"\\", StringComparison.Ordinal)
            .Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal) + "%";
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        return await unit.Db.Set<Tenant>().AsNoTracking()
            .Where(tenant => EF.Functions.ILike(tenant.Slug, pattern, @"\") || EF.Functions.ILike(tenant.Name, pattern, @"\"))
            .OrderBy(tenant => tenant.Slug != wanted).ThenBy(tenant => tenant.Name).Take(TenantsMax)
            .Select(tenant => new TenantChoice(tenant.Id, tenant.Name, tenant.Slug, tenant.Plan))
            .ToListAsync(cancellationToken);
    }
}
