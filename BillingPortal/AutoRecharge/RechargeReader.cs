using BillingPortal.Cards;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Purchases;
using BillingPortal.Tenants;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BillingPortal.AutoRecharge;

/// <summary>
/// Reads a tenant's auto-recharge for people and clients. Changes nothing, and never decides a charge.
/// </summary>
public sealed class RechargeReader(
    Database database, SituationReader situations, UsagePaceReader paces,
    IOptions<CardsOptions> cardsOptions, RechargeOptions options)
{
    private const int LastRows = 20;

    // A date further away than this would pretend to know what nobody knows.
    private const int ForecastDaysMax = 365;

    /// <summary>The rule as saved; null when there is none.</summary>
    public async Task<RechargeRule?> RuleAsync(Guid tenantId, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        return await RuleAsync(unit, tenantId, cancellationToken);
    }

    public async Task<RechargeView> ReadAsync(Guid tenantId, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        var rule = await RuleAsync(unit, tenantId, cancellationToken);
        var (situation, decision) =
            await situations.EvaluateAsync(unit, tenantId, rule, RechargeTrigger.Sweep, cancellationToken);
        var cards = await CardRows.KeptAsync(unit, tenantId, cancellationToken);
        var now = situation.Now;
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var month = SpendingMonth.Of(now);
        var cooled = situation.History.Where(attempt => attempt.ReachedCard && attempt.StartedAt <= now)
            .Max(attempt => (DateTimeOffset?)attempt.StartedAt) + options.Cooldown;
        return new RechargeView
        {
            Rule = rule,
            Plan = situation.Plan,
            Available = situation.Available,
            LastBought = await LastBoughtAsync(unit, tenantId, situation.Plan, cancellationToken),
            Now = decision,
            Cards = cards,
            Usable = [.. SituationReader.InOrder(rule, cards, today, cardsOptions.Value.ExpiryNoticeDays)],
            Packages = situation.Packages,
            SpentCents = month.SpentCents(situation.History),
            Month = month,
            CooldownUntil = now < cooled ? cooled : null,
            NextRechargeAt = await ForecastAsync(unit, rule, situation, cancellationToken),
            Attempts = await unit.Db.Set<RechargeAttempt>().AsNoTracking().Where(
                attempt => attempt.TenantId == tenantId)
                .OrderByDescending(attempt => attempt.Id).Take(LastRows).ToListAsync(cancellationToken),
            Evaluations = await unit.Db.Set<RechargeEvaluation>().AsNoTracking().Where(row => row.TenantId == tenantId)
                .OrderByDescending(row => row.Id).Take(LastRows).ToListAsync(cancellationToken),
        };
    }

    private static async Task<Amount?> LastBoughtAsync(
        UnitOfWork unit, Guid tenantId, Unit plan, CancellationToken cancellationToken)
    {
        var bought = await unit.Db.Set<Purchase>().AsNoTracking()
            .Where(row => row.TenantId == tenantId && row.Unit == plan && row.State == PurchaseState.Settled
                && row.Kind != PurchaseKind.AutoRecharge)
            .OrderByDescending(row => row.SettledAt).Select(row => (long?)row.CreditsE4)
            .FirstOrDefaultAsync(cancellationToken);
        return bought is { } amountE4 ? new Amount(amountE4, plan) : null;
    }

    /// <summary>One attempt of the tenant; null when it is not theirs.</summary>
    public async Task<RechargeAttempt?> AttemptAsync(
        Guid tenantId, Guid attemptId, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        return await unit.Db.Set<RechargeAttempt>().AsNoTracking()
            .SingleOrDefaultAsync(row => row.TenantId == tenantId && row.Id == attemptId, cancellationToken);
    }

    private async Task<DateTimeOffset?> ForecastAsync(
        UnitOfWork unit, RechargeRule? rule, RechargeSituation situation, CancellationToken cancellationToken)
    {
        if (rule is not { IsActive: true } || situation.Available <= rule.Threshold)
        {
            return null;
        }

        var zone = await unit.Db.Set<Tenant>().Where(tenant => tenant.Id == rule.TenantId)
            .Select(tenant => tenant.TimeZone).SingleAsync(cancellationToken);
        var days = await paces.DaysAsync(unit, rule.TenantId, rule.Unit, zone, situation.Now, cancellationToken);
        return RechargeForecast.At(
            situation.Available - rule.Threshold, days, situation.Now, options.ForecastDaysMin, ForecastDaysMax);
    }

    private static Task<RechargeRule?> RuleAsync(UnitOfWork unit, Guid tenantId, CancellationToken cancellationToken) =>
        unit.Db.Set<RechargeRule>().AsNoTracking().SingleOrDefaultAsync(
            row => row.TenantId == tenantId, cancellationToken);
}
