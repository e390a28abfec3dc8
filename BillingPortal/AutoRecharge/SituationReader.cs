using BillingPortal.Cards;
using BillingPortal.Data;
using BillingPortal.Invoices;
using BillingPortal.Ledger;
using BillingPortal.Pricing;
using BillingPortal.Purchases;
using BillingPortal.Tenants;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BillingPortal.AutoRecharge;

/// <summary>
/// Reads what the policy looks at, inside the caller's transaction: consistent with the lock that the caller holds.
/// </summary>
public sealed class SituationReader(
    BalanceReader balances, PackageReader packages, InvoiceIssuer invoices, UsagePaceReader paces, TimeProvider clock,
    IOptions<CardsOptions> cardsOptions, RechargeOptions options)
{
    /// <summary>
    /// The rule under its lock: one evaluation, save or outcome of a tenant at a time. Null when there is none.
    /// </summary>
    public static async Task<RechargeRule?> LockRuleAsync(
        UnitOfWork unit, Guid tenantId, CancellationToken cancellationToken) =>
        (await unit.Db.Set<RechargeRule>()
            .FromSql($"SELECT * FROM recharge_rules WHERE tenant_id = {tenantId} FOR UPDATE")
            .ToListAsync(cancellationToken)).SingleOrDefault();

    /// <summary>
    /// The situation, and the policy's answer to it. The pace of usage costs the most to read and is looked at only
    /// when nothing else refuses.
    /// </summary>
    public async Task<(RechargeSituation Situation, RechargeDecision Decision)> EvaluateAsync(
        UnitOfWork unit, Guid tenantId, RechargeRule? rule, RechargeTrigger trigger,
        CancellationToken cancellationToken)
    {
        var situation = await ReadAsync(unit, tenantId, rule, trigger, cancellationToken);
        var decision = RechargePolicy.Evaluate(situation, options);
        if (!decision.Charges)
        {
            return (situation, decision);
        }

        situation = situation with
        {
            Pace = await paces.ReadAsync(unit, tenantId, situation.Plan, situation.Now, cancellationToken),
        };
        return (situation, RechargePolicy.Evaluate(situation, options));
    }

    private async Task<RechargeSituation> ReadAsync(
        UnitOfWork unit, Guid tenantId, RechargeRule? rule, RechargeTrigger trigger,
        CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var plan = await unit.Db.Set<Tenant>().Where(tenant => tenant.Id == tenantId)
            .Select(tenant => tenant.Plan).SingleAsync(cancellationToken);
        var balance = await balances.ReadAsync(unit, tenantId, plan, cancellationToken);
        return new RechargeSituation
        {
            Now = now,
            Trigger = trigger,
            Rule = rule,
            Plan = plan,
            Available = balance.Available,
            Debt = balance.Debt,
            Cards = await UsableCardsAsync(unit, tenantId, rule, now, cancellationToken),
            Invoices = rule is { PaysByInvoice: true }
                ? new InvoiceStanding(
                    await invoices.ReadAsync(unit, tenantId, cancellationToken),
                    await invoices.AwaitsPaymentAsync(unit, tenantId, cancellationToken))
                : null,
            History = await HistoryAsync(unit, tenantId, now, cancellationToken),
            Packages = await packages.ListAsync(cancellationToken),
            IsDisputeOpen = await unit.Db.Set<Purchase>()
                .AnyAsync(purchase => purchase.TenantId == tenantId
                    && purchase.Dispute == DisputeState.Open, cancellationToken),
        };
    }

    public async Task<bool> HasUsableCardAsync(
        UnitOfWork unit, RechargeRule rule, CancellationToken cancellationToken) =>
        (await UsableCardsAsync(unit, rule.TenantId, rule, clock.GetUtcNow(), cancellationToken)).Count > 0;

    private async Task<IReadOnlyList<string>> UsableCardsAsync(
        UnitOfWork unit, Guid tenantId, RechargeRule? rule, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var cards = await CardRows.KeptAsync(unit, tenantId, cancellationToken);
        return [.. InOrder(rule, cards, DateOnly.FromDateTime(now.UtcDateTime), cardsOptions.Value.ExpiryNoticeDays)
            .Select(card => card.PaymentMethodId)];
    }

    /// <summary>
    /// The cards that may be charged, in the rule's order, else the default card and then the saved order.
    /// </summary>
    public static IEnumerable<SavedCard> InOrder(
        RechargeRule? rule, IReadOnlyCollection<SavedCard> cards, DateOnly today, int noticeDays)
    {
        var ordered = rule is { CardIds: [_, ..] chosen }
            ? chosen.Select(id => cards.FirstOrDefault(card => card.Id == id)).OfType<SavedCard>()
            : cards.OrderByDescending(card => card.IsDefault).ThenBy(card => card.Priority);
        return ordered.Where(
            card => CardPolicy.StateOf(card, today, noticeDays) is CardState.Active or CardState.Expiring);
    }

    /// <summary>Open attempts and those of the month and of the last cooldown.</summary>
    public async Task<IReadOnlyList<PastAttempt>> HistoryAsync(
        UnitOfWork unit, Guid tenantId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var month = SpendingMonth.Of(now).Start;
        var since = month < now - options.Cooldown ? month : now - options.Cooldown;
        return await unit.Db.Set<RechargeAttempt>()
            .Where(attempt => attempt.TenantId == tenantId && (attempt.StartedAt >= since || attempt.EndedAt == null))
            .Select(attempt => new PastAttempt(
                attempt.State, attempt.StartedAt, attempt.PriceCents, attempt.ReachedCard))
            .ToListAsync(cancellationToken);
    }
}
