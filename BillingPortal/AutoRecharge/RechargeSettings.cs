using BillingPortal.Audit;
using BillingPortal.Cards;
using BillingPortal.Data;
using BillingPortal.Invoices;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Outbox;
using BillingPortal.Pricing;
using BillingPortal.Purchases;
using BillingPortal.Tenants;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace BillingPortal.AutoRecharge;

/// <summary>
/// Saves the rule and lifts what stands in its way. The ledger's own copy of the threshold changes in the same
/// transaction, so that a crossing is noticed by what the person sees as saved. Never charges: a balance that is
/// already below becomes a request.
/// </summary>
public sealed class RechargeSettings(
    Database database, SituationReader situations, LedgerWriter ledger, PackageReader packages, SmartTuner tuner,
    RechargeMails mails, BalanceFeed feed, TimeProvider clock, RechargeOptions options)
{
    /// <summary>
    /// What would happen right after saving, in figures: the page asks before it charges. Saves nothing.
    /// </summary>
    public async Task<RechargePreview> PreviewAsync(
        Guid tenantId, RechargeChange change, RechargeTrigger trigger, CancellationToken cancellationToken = default)
    {
        await tuner.PrepareAsync(tenantId, cancellationToken);
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        var rule = await unit.Db.Set<RechargeRule>().AsNoTracking()
            .SingleOrDefaultAsync(row => row.TenantId == tenantId, cancellationToken);
        if (rule is null && trigger is RechargeTrigger.Manual)
        {
            return new RechargePreview(new RechargeDecision(RechargeReason.Disabled), Problem: null);
        }

        rule ??= RechargeRuleBuilder.New(
            tenantId, await PlanAsync(
                unit, tenantId, cancellationToken), RechargeDoor.Portal, options, clock.GetUtcNow());
        if (await ApplyAsync(unit, rule, change, cancellationToken) is { } problem)
        {
            return new RechargePreview(Decision: null, problem);
        }

        if (trigger is not RechargeTrigger.Manual)
        {
            await tuner.TuneAsync(unit, rule, before: null, cancellationToken); // saving would do so too
        }

        var (_, decision) = await situations.EvaluateAsync(unit, tenantId, rule, trigger, cancellationToken);
        return new RechargePreview(decision, Problem: null);
    }

    /// <summary>
    /// Saves the changed rule and commits. When the balance is already below, the recharge is requested with it.
    /// </summary>
    public async Task<RechargeSaved> SaveAsync(
        Guid tenantId, RechargeChange change, RechargeDoor door, Guid? userId = null,
        CancellationToken cancellationToken = default)
    {
        try
        {
            return await SaveOnceAsync(tenantId, change, door, userId, cancellationToken);
        }
        catch (DbUpdateException first) when (
            first.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            // Somebody else made the tenant's rule a moment before: this is a change of it.
            return await SaveOnceAsync(tenantId, change, door, userId, cancellationToken);
        }
    }

    /// <summary>A person says that the unusual usage is meant: the brake is lifted for a while.</summary>
    public async Task ConfirmSpikeAsync(Guid tenantId, Guid? userId, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        if (await SituationReader.LockRuleAsync(unit, tenantId, cancellationToken) is not { } rule)
        {
            return;
        }

        var before = new { PausedBecause = rule.PausedReason, rule.SpikeConfirmedAt };
        (rule.SpikeConfirmedAt, rule.UpdatedBy) = (clock.GetUtcNow(), userId);
        if (rule.PausedReason is RechargePause.Spike)
        {
            (rule.PausedReason, rule.PausedAt) = (null, null);
        }

        unit.RecordSetting(clock, new SettingChange(
            tenantId, "auto_recharge.usage_confirmed", tenantId.ToString(), "The unusual usage is meant: auto-recharge goes on.", before,
            new { PausedBecause = rule.PausedReason, rule.SpikeConfirmedAt }));
        await StoreAsync(unit, rule, cancellationToken);
    }

    /// <summary>A new card: failures, backoff and the pause they led to are over; whether it pays is still to be seen.</summary>
    public Task ClearAsync(Guid tenantId, CancellationToken cancellationToken = default) =>
        ChangeAsync(tenantId, RechargeOutcomes.Clear, cancellationToken);

    /// <summary>A top-up was paid: the series of failures is over, and with it everything that followed from it.</summary>
    public Task PaidAsync(Guid tenantId, CancellationToken cancellationToken = default) =>
        ChangeAsync(tenantId, rule =>
        {
            var wasFailing = rule.FailingSince is not null;
            rule.FailingSince = null;
            return RechargeOutcomes.Clear(rule) || wasFailing;
        }, cancellationToken);

    /// <summary>
    /// A purchase for which the buyer ticked auto-recharge: on, as many credits as were bought, with the card that
    /// paid. Taken note of once, so that a repeated message undoes nothing that was set since.
    /// </summary>
    internal async Task SwitchOnAsync(PurchaseSettled purchase, CancellationToken cancellationToken)
    {
        await using (var unit = await database.BeginAsync(purchase.TenantId, cancellationToken))
        {
            var rule = await SituationReader.LockRuleAsync(unit, purchase.TenantId, cancellationToken);
            if (rule?.LastPurchaseId == purchase.PurchaseId)
            {
                return;
            }

            var plan = await PlanAsync(unit, purchase.TenantId, cancellationToken);
            if (purchase.Unit != plan)
            {
                return; // the rule tops up the account of the plan, which this purchase did not
            }

            var before = rule is null ? null : await RechargeSides.OfAsync(unit, rule, packages, cancellationToken);
            var cards = await CardRows.KeptAsync(unit, purchase.TenantId, cancellationToken);
            var door = purchase.Kind is PurchaseKind.Checkout ? RechargeDoor.CreditsApi : RechargeDoor.Portal;
            rule = Tracked(unit, rule, purchase.TenantId, plan, door);
            (rule.Enabled, rule.LastPurchaseId, rule.UpdatedAt) = (true, purchase.PurchaseId, clock.GetUtcNow());
            (rule.Size, rule.PackageId, rule.AmountE4) = (RechargeSize.Amount, null, purchase.CreditsE4);
            rule.CardIds =
                [.. cards.Where(card => card.PaymentMethodId == purchase.PaymentMethodId).Select(card => card.Id)];
            RechargeSides.Record(
                unit, clock, purchase.TenantId, before, await RechargeSides.OfAsync(unit, rule, packages, cancellationToken),
                Actor.System("Purchase with auto-recharge"));
            await StoreAsync(unit, rule, cancellationToken);
        }
    }

    /// <summary>
    /// The plan changes: a rule for the account that usage leaves is switched off inside the caller's transaction, which
    /// commits. True when it was on.
    /// </summary>
    public async Task<bool> SwitchOffAsync(
        UnitOfWork unit, Guid tenantId, Unit account, Guid? userId, CancellationToken cancellationToken = default)
    {
        if (await SituationReader.LockRuleAsync(unit, tenantId, cancellationToken) is not { Enabled: true } rule
            || rule.Unit != account)
        {
            return false;
        }

        var before = await RechargeSides.OfAsync(unit, rule, packages, cancellationToken);
        (rule.Enabled, rule.UpdatedAt, rule.UpdatedBy) = (false, clock.GetUtcNow(), userId);
        RechargeSides.Record(unit, clock, tenantId, before, before with { On = false });
        mails.Over(unit, rule);
        await unit.Db.SaveChangesAsync(cancellationToken);
        await ledger.SetRechargeBelowAsync(unit, tenantId, account, below: null, cancellationToken);
        return true;
    }

    private async Task<RechargeSaved> SaveOnceAsync(
        Guid tenantId, RechargeChange change, RechargeDoor door, Guid? userId, CancellationToken cancellationToken)
    {
        await tuner.PrepareAsync(tenantId, cancellationToken);
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        var plan = await PlanAsync(unit, tenantId, cancellationToken);
        var known = await SituationReader.LockRuleAsync(unit, tenantId, cancellationToken);
        var sides = known is null ? null : await RechargeSides.OfAsync(unit, known, packages, cancellationToken);
        var rule = Tracked(unit, known, tenantId, plan, door);
        var before = (rule.CardIds, rule.MonthlyLimitCents, Values: (rule.ThresholdE4, rule.AmountE4 ?? 0));
        if (await ApplyAsync(unit, rule, change, cancellationToken) is { } problem)
        {
            return RechargeSaved.Invalid(problem);
        }

        if (await tuner.TuneAsync(unit, rule, before.Values, cancellationToken) is { } adjusted)
        {
            unit.Db.Add(adjusted);
        }

        if (before.CardIds.Length > 0 && rule.CardIds.Except(before.CardIds).Any())
        {
            RechargeOutcomes.Clear(rule); // a saved card that was not tried so far is as good as a new one
        }

        if (before.MonthlyLimitCents != rule.MonthlyLimitCents)
        {
            (rule.LimitWarnedMonth, rule.LimitWarnedPercent) = (null, 0); // its shares are told anew
            mails.LimitOver(unit, rule);
        }

        (rule.UpdatedAt, rule.UpdatedBy) = (clock.GetUtcNow(), userId);
        RechargeSides.Record(unit, clock, tenantId, sides, await RechargeSides.OfAsync(unit, rule, packages, cancellationToken));
        await StoreAsync(unit, rule, cancellationToken);
        return new RechargeSaved(rule, Problem: null);
    }

    // A rule in the unit of an earlier plan starts over: its amounts mean something else now.
    private RechargeRule Tracked(
        UnitOfWork unit, RechargeRule? rule, Guid tenantId, Unit plan, RechargeDoor door)
    {
        var fresh = RechargeRuleBuilder.New(tenantId, plan, door, options, clock.GetUtcNow());
        if (rule is null)
        {
            unit.Db.Add(fresh);
            return fresh;
        }

        if (rule.Unit != plan)
        {
            (rule.Unit, rule.ThresholdE4, rule.Size) = (plan, fresh.ThresholdE4, fresh.Size);
            (rule.AmountE4, rule.PackageId) = (fresh.AmountE4, null);
            (rule.PaceE4, rule.PaceAt, rule.NoticedAt, rule.NoticedFor) = (null, null, null, null);
            rule.FailingSince = null;
        }

        return rule;
    }

    private async Task ChangeAsync(Guid tenantId, Func<RechargeRule, bool> change, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        if (await SituationReader.LockRuleAsync(unit, tenantId, cancellationToken) is { } rule && change(rule))
        {
            await StoreAsync(unit, rule, cancellationToken);
        }
    }

    private async Task<string?> ApplyAsync(
        UnitOfWork unit, RechargeRule rule, RechargeChange change, CancellationToken cancellationToken) =>
        RechargeRuleBuilder.Apply(
            rule, change, await packages.ListAsync(cancellationToken),
            await CardRows.KeptAsync(unit, rule.TenantId, cancellationToken), options)
        ?? (change.PaysByInvoice is true && !await unit.Db.Set<InvoiceTerms>().AnyAsync(
            row => row.TenantId == rule.TenantId && row.IsApproved, cancellationToken)
                ? "Buying on invoice is not approved for you. Choose cards, or ask our support." : null);

    private async Task StoreAsync(UnitOfWork unit, RechargeRule rule, CancellationToken cancellationToken)
    {
        await unit.Db.SaveChangesAsync(cancellationToken);
        await ledger.SetRechargeBelowAsync(
            unit, rule.TenantId, rule.Unit, rule.Enabled ? rule.Threshold : null, cancellationToken);
        mails.Over(unit, rule);
        feed.Ring(unit, rule.TenantId);
        await unit.CommitAsync(cancellationToken);
    }

    private static Task<Unit> PlanAsync(UnitOfWork unit, Guid tenantId, CancellationToken cancellationToken) =>
        unit.Db.Set<Tenant>().Where(tenant => tenant.Id == tenantId).Select(tenant => tenant.Plan).SingleAsync(
            cancellationToken);
}
