using BillingPortal.Cards;
using BillingPortal.Data;
using BillingPortal.Invoices;
using BillingPortal.Kernel;
using BillingPortal.Purchases;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BillingPortal.AutoRecharge;

/// <summary>
/// Reads a tenant's auto-recharge for people and clients. Changes nothing, and never decides a charge.
/// </summary>
public sealed class RechargeReader(
    Database database, SituationReader situations, SmartTuner smart,
    IOptions<CardsOptions> cardsOptions, RechargeOptions options)
{
    private const int LastRows = 20;

    /// <summary>The rule as saved; null when there is none.</summary>
    public async Task<RechargeRule?> RuleAsync(Guid tenantId, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        return await RuleAsync(unit, tenantId, cancellationToken);
    }

    public async Task<RechargeView> ReadAsync(Guid tenantId, CancellationToken cancellationToken = default)
    {
        await smart.PrepareAsync(tenantId, cancellationToken);
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        var rule = await RuleAsync(unit, tenantId, cancellationToken);
        var (situation, decision) =
            await situations.EvaluateAsync(unit, tenantId, rule, RechargeTrigger.Sweep, cancellationToken);
        var cards = await CardRows.KeptAsync(unit, tenantId, cancellationToken);
        var now = situation.Now;
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var month = SpendingMonth.Of(now);
        var (suggested, days) = await smart.ReadAsync(
            unit, rule?.Unit == situation.Plan ? rule : NewRule(tenantId, situation.Plan, now), cancellationToken);
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
            CanPayByInvoice = await unit.Db.Set<InvoiceTerms>().AnyAsync(
                row => row.TenantId == tenantId && row.IsApproved, cancellationToken),
            Packages = situation.Packages,
            SpentCents = month.SpentCents(situation.History),
            Month = month,
            CooldownUntil = now < cooled ? cooled : null,
            NextRechargeAt = Forecast(rule, situation, days),
            Smart = suggested,
            Adjustments = await unit.Db.Set<RechargeAdjustment>().AsNoTracking().Where(row => row.TenantId == tenantId)
                .OrderByDescending(row => row.Id).Take(LastRows).ToListAsync(cancellationToken),
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

    /// <summary>The tenant's attempts, newest first.</summary>
    public async Task<IReadOnlyList<RechargeAttempt>> AttemptsAsync(
        Guid tenantId, int most, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        return await unit.Db.Set<RechargeAttempt>().AsNoTracking().Where(row => row.TenantId == tenantId)
            .OrderByDescending(row => row.Id).Take(most).ToListAsync(cancellationToken);
    }

    private DateTimeOffset? Forecast(RechargeRule? rule, RechargeSituation situation, IReadOnlyList<Amount> days) =>
        rule is { IsActive: true } && rule.Unit == situation.Plan && situation.Available > rule.Threshold
        && RechargeForecast.DailyPace(days, options.ForecastDaysMin) is { } pace
            ? RechargeForecast.At(situation.Available - rule.Threshold, pace, situation.Now)
            : null;

    private RechargeRule NewRule(Guid tenantId, Unit plan, DateTimeOffset now) =>
        RechargeRuleBuilder.New(tenantId, plan, RechargeDoor.Portal, options, now);

    private static Task<RechargeRule?> RuleAsync(UnitOfWork unit, Guid tenantId, CancellationToken cancellationToken) =>
        unit.Db.Set<RechargeRule>().AsNoTracking().SingleOrDefaultAsync(
            row => row.TenantId == tenantId, cancellationToken);
}
