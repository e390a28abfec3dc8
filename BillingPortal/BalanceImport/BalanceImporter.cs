using BillingPortal.AutoRecharge;
using BillingPortal.Cards;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Tenants;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.BalanceImport;

/// <summary>
/// Brings tenants over from another system: the tenant, its customer at Stripe and its balance in one transaction per
/// line, cards and settings after it. Safe to repeat and to interrupt: what stands is left alone.
/// </summary>
internal sealed class BalanceImporter(
    Database database, TenantService tenants, LedgerWriter ledger, CardService cards, RechargeSettings settings,
    TimeProvider clock)
{
    public const string Cause = "balance_import";

    /// <summary>What stands of these tenants already: by slug.</summary>
    public async Task<Dictionary<string, KnownTenant>> KnownAsync(
        IReadOnlyCollection<string> slugs, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var rows = from tenant in unit.Db.Set<Tenant>()
                   join record in unit.Db.Set<BalanceImportRecord>() on tenant.Id equals record.TenantId into records
                   from record in records.DefaultIfEmpty()
                   where slugs.Contains(tenant.Slug)
                   select new { tenant.Slug, tenant.Id, Record = record };
        return await rows.AsNoTracking().ToDictionaryAsync(
            row => row.Slug,
            row => new KnownTenant(row.Id, row.Record?.Fingerprint, row.Record?.FinishedAt is not null),
            cancellationToken);
    }

    /// <summary>Which of these Stripe customers belong to a tenant, and to which.</summary>
    public async Task<Dictionary<string, Guid>> CustomersAsync(
        IReadOnlyCollection<string> customers, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        return await unit.Db.Set<StripeCustomer>().AsNoTracking()
            .Where(row => row.CustomerId != null && customers.Contains(row.CustomerId))
            .ToDictionaryAsync(row => row.CustomerId!, row => row.TenantId, cancellationToken);
    }

    /// <summary>Brings one line over, or finishes it where an earlier run was interrupted.</summary>
    public async Task<ImportedAs> BringAsync(
        ImportedBalance row, KnownTenant? known, CancellationToken cancellationToken)
    {
        if (known is { IsFinished: true })
        {
            return ImportedAs.StoodAlready;
        }

        var tenantId = known?.Id ?? await MakeAsync(row, cancellationToken);
        if (row.StripeCustomer is not null)
        {
            await cards.FetchAsync(tenantId, cancellationToken);
        }

        if (row.Rule is { } rule)
        {
            var saved = await settings.SaveAsync(
                tenantId, rule, RechargeDoor.Portal, userId: null, cancellationToken);
            if (saved.Problem is { } problem)
            {
                throw new InvalidOperationException(problem);
            }
        }

        await FinishAsync(tenantId, cancellationToken);
        return known is null ? ImportedAs.New : ImportedAs.Finished;
    }

    private async Task<Guid> MakeAsync(ImportedBalance row, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var tenant = await tenants.CreateAsync(
            unit, new NewTenant(row.Slug, row.Name, row.Plan, row.TimeZone, row.Email), cancellationToken);
        if (row.StripeCustomer is { } customer)
        {
            CardService.AdoptCustomer(unit, tenant, customer, now);
        }

        unit.Db.Add(new BalanceImportRecord
        {
            TenantId = tenant.Id,
            Fingerprint = row.Fingerprint,
            ImportedAt = now,
        });
        if (row.Balance.IsPositive)
        {
            await ledger.PostAsync(unit, [PostingOf(tenant.Id, row, now)], cancellationToken);
        }

        await unit.CommitAsync(cancellationToken);
        return tenant.Id;
    }

    private static Posting PostingOf(Guid tenantId, ImportedBalance row, DateTimeOffset now) => new()
    {
        TenantId = tenantId,
        Operation = LedgerOperation.Credit,
        Amount = row.Balance,
        Kind = EntryKind.Adjustment,
        Counter = CounterAccount.Adjustment,
        Key = Ids.FromName(Cause, tenantId.ToString()),
        CauseType = Cause,
        OccurredAt = now,
        Note = "Balance brought over from the earlier system",
    };

    private async Task FinishAsync(Guid tenantId, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var record = await unit.Db.Set<BalanceImportRecord>()
            .SingleAsync(row => row.TenantId == tenantId, cancellationToken);
        record.FinishedAt = clock.GetUtcNow();
        await unit.CommitAsync(cancellationToken);
    }
}

/// <summary>A tenant that is there already. Without a fingerprint it did not come by import.</summary>
internal sealed record KnownTenant(Guid Id, string? Fingerprint, bool IsFinished);

/// <summary>What became of a line.</summary>
internal enum ImportedAs
{
    New = 1,

    /// <summary>An earlier run had made the tenant and was interrupted.</summary>
    Finished,
    StoodAlready,
}
