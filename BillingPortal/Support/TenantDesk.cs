using BillingPortal.Audit;
using BillingPortal.AutoRecharge;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Notifications;
using BillingPortal.Purchases;
using BillingPortal.Tenants;

namespace BillingPortal.Support;

/// <summary>Everything that the desk shows of one tenant, of one moment; the timeline apart.</summary>
public sealed record TenantFile(
    Tenant Tenant, IReadOnlyList<Recipient> People, AccountAlert Alert, Balance Credits, Balance Funds, RechargeView Recharge,
    IReadOnlyList<Purchase> Payments, IReadOnlyList<Entry> Entries, IReadOnlyList<StaffAction> Actions)
{
    public const int PaymentsMax = 20;
    public const int EntriesMax = 8;
    public const int ActionsMax = 20;
}

/// <summary>Reads a tenant for the desk, and writes down who has looked.</summary>
public sealed class TenantDesk(
    Database database, TenantReader tenants, AlertReader alerts, BalanceReader balances, RechargeReader recharges,
    PurchaseReader purchases, EntryReader entries, StaffActionReader actions, AuditLog audit)
{
    /// <summary>Null when there is no such tenant.</summary>
    public async Task<TenantFile?> ReadAsync(Guid tenantId, CancellationToken cancellationToken = default)
    {
        if (await tenants.FindAsync(tenantId, cancellationToken) is not { } tenant)
        {
            return null;
        }

        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var alert = await alerts.ReadAsync(unit, tenantId, tenant.Plan, cancellationToken);
        var credits = await balances.ReadAsync(unit, tenantId, Unit.Credits, cancellationToken);
        var funds = await balances.ReadAsync(unit, tenantId, Unit.Usd, cancellationToken);
        await unit.CommitAsync(cancellationToken);
        var query = new EntryQuery { TenantId = tenantId, Unit = tenant.Plan };
        return new TenantFile(
            tenant, await tenants.PeopleAsync(tenantId, cancellationToken), alert, credits, funds,
            await recharges.ReadAsync(tenantId, cancellationToken),
            await purchases.ListAsync(tenantId, TenantFile.PaymentsMax, before: null, cancellationToken),
            (await entries.ReadAsync(query, before: null, TenantFile.EntriesMax, cancellationToken)).Entries,
            await actions.OfTenantAsync(tenantId, TenantFile.ActionsMax, cancellationToken));
    }

    /// <summary>Who opened the tenant's page; commits. Nothing is shown before it stands there.</summary>
    public async Task NoteOpenedAsync(Guid tenantId, Actor actor, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        audit.Record(unit, new AuditRecord(
            tenantId, actor, "tenant.opened", "tenant", tenantId.ToString(), $"{actor.Name} opened the tenant's page."));
        await unit.CommitAsync(cancellationToken);
    }
}
