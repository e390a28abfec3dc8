using BillingPortal.Audit;
using BillingPortal.AutoRecharge;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Outbox;
using BillingPortal.Tenants;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Settlement;

/// <summary>
/// Moves a tenant between the credits and the wallet plan, and between the settlement modes, with everything that goes
/// along in one transaction. Balances stay where they are: nothing is ever converted.
/// </summary>
public sealed class PlanService(
    Database database, SettlementService settlement, RechargeSettings recharges, BalanceReader balances, LedgerWriter ledger,
    BalanceFeed feed, TimeProvider clock)
{
    /// <summary>What a change to the other plan would do now. Changes nothing.</summary>
    public async Task<PlanPreview> PreviewAsync(Guid tenantId, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        var tenant = await unit.Db.Set<Tenant>().AsNoTracking().SingleAsync(row => row.Id == tenantId, cancellationToken);
        var to = OtherThan(tenant.Plan);
        var holds = await unit.Db.Set<Hold>().AsNoTracking()
            .Where(hold => hold.TenantId == tenantId && hold.Unit == tenant.Plan && hold.State == HoldState.Open)
            .ToListAsync(cancellationToken);
        var rule = await unit.Db.Set<RechargeRule>().AsNoTracking()
            .SingleOrDefaultAsync(row => row.TenantId == tenantId, cancellationToken);
        return new PlanPreview(
            tenant.Plan, to,
            await balances.ReadAsync(unit, tenantId, tenant.Plan, cancellationToken),
            await balances.ReadAsync(unit, tenantId, to, cancellationToken),
            Sum(holds.Where(hold => hold.CauseType == Hold.Reservation), tenant.Plan),
            Sum(holds.Where(hold => hold.CauseType != Hold.Reservation), tenant.Plan),
            rule is { Enabled: true } && rule.Unit == tenant.Plan,
            await RefusalAsync(unit, tenant, cancellationToken));
    }

    /// <summary>
    /// From now on usage draws on the other account. Commits. What is reserved for the running month is settled first, an
    /// auto-recharge for the account that is left is switched off. Null when done, else why not.
    /// </summary>
    public async Task<string?> ChangePlanAsync(
        Guid tenantId, Unit to, Guid? userId, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var tenant = await LockAsync(unit, tenantId, cancellationToken);
        if (tenant.Plan == to)
        {
            return null;
        }

        if (await RefusalAsync(unit, tenant, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        // The order of locks: tenant, rule, then both accounts by key.
        await SituationReader.LockRuleAsync(unit, tenantId, cancellationToken);
        await ledger.ShareKeysAsync(unit, tenantId, cancellationToken);
        var from = tenant.Plan;
        var isOff = await recharges.SwitchOffAsync(unit, tenantId, from, userId, cancellationToken);
        var settled = from is Unit.Usd ? await SettleAsync(unit, tenantId, cancellationToken) : 0;
        tenant.Plan = to;
        unit.Db.Add(ChangeOf(tenant, from, tenant.SettlementMode, userId, settled, isOff));
        unit.RecordSetting(clock, new SettingChange(
            tenantId, "plan.changed", tenantId.ToString(), $"The account is on the {NameOf(to)} plan now.", new { Plan = NameOf(from) },
            new { Plan = NameOf(to) }));
        feed.Ring(unit, tenantId);
        await unit.CommitAsync(cancellationToken);
        return null;
    }

    /// <summary>
    /// From now on usage in dollars is debited at once, or reserved and settled monthly. Commits. What is reserved stays
    /// so until its month is settled.
    /// </summary>
    public async Task ChangeModeAsync(
        Guid tenantId, SettlementMode to, Guid? userId, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var tenant = await LockAsync(unit, tenantId, cancellationToken);
        if (tenant.SettlementMode == to)
        {
            return;
        }

        var from = tenant.SettlementMode;
        tenant.SettlementMode = to;
        unit.Db.Add(ChangeOf(tenant, tenant.Plan, from, userId, settledE4: 0, isOff: false));
        unit.RecordSetting(clock, new SettingChange(
            tenantId, "settlement_mode.changed", tenantId.ToString(),
            to is SettlementMode.Monthly ? "Usage in dollars is debited once a month now." : "Usage in dollars is debited at once now.",
            new { Mode = from }, new { Mode = to }));
        feed.Ring(unit, tenantId);
        await unit.CommitAsync(cancellationToken);
    }

    private static Task<Tenant> LockAsync(UnitOfWork unit, Guid tenantId, CancellationToken cancellationToken) =>
        unit.Db.Set<Tenant>().FromSql($"SELECT * FROM tenants WHERE id = {tenantId} FOR NO KEY UPDATE")
            .SingleAsync(cancellationToken);

    // A month is settled once. After it was closed early the next one is reserved with, and that is not closed as well.
    private async Task<string?> RefusalAsync(UnitOfWork unit, Tenant tenant, CancellationToken cancellationToken)
    {
        var month = BillingMonth.Of(clock.GetUtcNow());
        return tenant.Plan is Unit.Usd && await unit.Db.Set<MonthlyBilling>().AnyAsync(
            billing => billing.TenantId == tenant.Id && billing.Month >= month.First, cancellationToken)
            ? $"The wallet plan can be left once a month: {month.Name} has been settled by a change of plan. "
                + $"You can change again from {month.Next.First:d MMMM yyyy} on."
            : null;
    }

    private async Task<long> SettleAsync(UnitOfWork unit, Guid tenantId, CancellationToken cancellationToken)
    {
        var months = await unit.Db.Set<Hold>().AsNoTracking()
            .Where(hold => hold.TenantId == tenantId && hold.CauseType == Hold.Reservation && hold.State == HoldState.Open)
            .OrderBy(hold => hold.CauseId).Select(hold => hold.CauseId!).ToListAsync(cancellationToken);
        var settled = 0L;
        foreach (var month in months)
        {
            var billing = await settlement.SettleAsync(
                unit, tenantId, BillingMonth.Parse(month), SettlementReason.PlanChange, cancellationToken);
            settled += billing?.AmountE4 ?? 0;
        }

        return settled;
    }

    private PlanChange ChangeOf(
        Tenant tenant, Unit fromPlan, SettlementMode fromMode, Guid? userId, long settledE4, bool isOff) => new()
        {
            Id = Ids.New(),
            TenantId = tenant.Id,
            ChangedAt = clock.GetUtcNow(),
            UserId = userId,
            FromPlan = fromPlan,
            ToPlan = tenant.Plan,
            FromMode = fromMode,
            ToMode = tenant.SettlementMode,
            SettledE4 = settledE4,
            RechargeSwitchedOff = isOff,
        };

    private static Amount Sum(IEnumerable<Hold> holds, Unit unit) => new(holds.Sum(hold => hold.AmountE4), unit);

    private static string NameOf(Unit plan) => plan is Unit.Usd ? "wallet" : "credits";

    private static Unit OtherThan(Unit plan) => plan is Unit.Usd ? Unit.Credits : Unit.Usd;
}

/// <summary>What a change of plan would do.</summary>
/// <param name="Settled">Reserved for the running month: debited with the change.</param>
/// <param name="UnderWay">Reserved for calls and messages under way: they end on the account that is left.</param>
/// <param name="SwitchesOffRecharge">The auto-recharge of the account that is left goes off.</param>
/// <param name="Refusal">Why it cannot be done now; null when it can.</param>
public sealed record PlanPreview(
    Unit From, Unit To, Balance Left, Balance Drawn, Amount Settled, Amount UnderWay, bool SwitchesOffRecharge, string? Refusal);
