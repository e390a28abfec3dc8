using BillingPortal.Invoices;
using BillingPortal.Kernel;

namespace BillingPortal.AutoRecharge;

/// <summary>
/// Decides whether to charge, what and with which cards, or why not. Pure: the caller reads the situation under the
/// rule's lock and records the answer in the same transaction. What a person must clear is named before what passes by
/// itself.
/// </summary>
public static class RechargePolicy
{
    public static RechargeDecision Evaluate(RechargeSituation situation, RechargeOptions options)
    {
        var manual = situation.Trigger is RechargeTrigger.Manual;
        // Without a rule there is no size that anybody has agreed to: not even by hand.
        if (situation.Rule is not { } rule || rule.Unit != situation.Plan || !(rule.Enabled || manual))
        {
            return new RechargeDecision(RechargeReason.Disabled);
        }

        if (!manual && situation.Available >= rule.Threshold)
        {
            return new RechargeDecision(RechargeReason.NotBelowThreshold);
        }

        var order = RechargeSizing.For(rule, situation.Available, situation.Debt, situation.Packages, options);
        return Blocked(situation, rule, manual)
            ?? Unbuyable(situation, rule, order)
            ?? (manual ? null : Waiting(situation, rule, options))
            ?? Invoiced(situation, order!)
            ?? Limited(situation, rule, order!, options)
            ?? (IsSpike(situation, rule, options) ? new RechargeDecision(
                RechargeReason.SpikeBrake)
            { Order = order } : null)
            ?? new RechargeDecision(RechargeReason.Charge) { Order = order, Cards = situation.Cards };
    }

    /// <summary>Whether the last hour is far outside the tenant's habit and nobody has said that it is meant.</summary>
    public static bool IsSpike(RechargeSituation situation, RechargeRule rule, RechargeOptions options)
    {
        if (situation.Pace is not { MedianHour: { } median } pace
            || situation.Now < rule.SpikeConfirmedAt + TimeSpan.FromHours(options.SpikeConfirmedHours))
        {
            return false;
        }

        var floor = rule.Unit switch
        {
            Unit.Credits => Amount.Credits(options.SpikeMinimumCredits),
            Unit.Usd => Amount.Usd(options.SpikeMinimumUsd),
        };
        return pace.LastHour > Amount.Max(floor, median * options.SpikeMultiple);
    }

    // Somebody has to act, or an attempt has to end.
    private static RechargeDecision? Blocked(RechargeSituation situation, RechargeRule rule, bool manual)
    {
        if (situation.History.Any(attempt => attempt.State.IsInFlight()))
        {
            return new RechargeDecision(RechargeReason.InFlight);
        }

        if (situation.History.Any(attempt => attempt.State is AttemptState.RequiresAction))
        {
            return new RechargeDecision(RechargeReason.AwaitingAuthentication);
        }

        if (situation.IsDisputeOpen)
        {
            return new RechargeDecision(RechargeReason.DisputeOpen);
        }

        return rule.PausedReason switch
        {
            RechargePause.Failures when !manual => new RechargeDecision(RechargeReason.PausedAfterFailures),
            RechargePause.Spike => new RechargeDecision(RechargeReason.SpikeBrake),
            RechargePause.Failures or null => null,
        };
    }

    private static RechargeDecision? Unbuyable(RechargeSituation situation, RechargeRule rule, RechargeOrder? order)
    {
        if (situation.Cards is [] && !rule.PaysByInvoice)
        {
            return new RechargeDecision(RechargeReason.NoCard) { Order = order };
        }

        // A hand-made recharge "up to" a balance that is already there has nothing to buy.
        return order is not null ? null : new RechargeDecision(
            rule.Unit is Unit.Credits && situation.Packages is [] ? RechargeReason.NoPackage
                : RechargeReason.NotBelowThreshold);
    }

    // By invoice: what the terms and the unpaid invoices leave.
    private static RechargeDecision? Invoiced(RechargeSituation situation, RechargeOrder order)
    {
        if (situation.Invoices is not { } standing)
        {
            return null;
        }

        if (standing.AwaitsPayment)
        {
            return new RechargeDecision(RechargeReason.InvoiceUnpaid) { Order = order };
        }

        var judgement = standing.Situation.Judge(order.PriceCents);
        return judgement.Verdict switch
        {
            InvoiceVerdict.Allowed => null,
            InvoiceVerdict.NotApproved => new RechargeDecision(RechargeReason.InvoiceNotApproved) { Order = order },
            InvoiceVerdict.Overdue => new RechargeDecision(RechargeReason.InvoiceOverdue) { Order = order },
            InvoiceVerdict.BeyondLimit => new RechargeDecision(RechargeReason.InvoiceLimit)
            {
                Order = order,
                LeftCents = judgement.LeftCents,
            },
        };
    }

    // Times after now are of a clock that was moved back since: they bind nobody.
    private static RechargeDecision? Waiting(RechargeSituation situation, RechargeRule rule, RechargeOptions options)
    {
        var now = situation.Now;
        var last = situation.History.Where(attempt => attempt.ReachedCard && attempt.StartedAt <= now)
            .Max(attempt => (DateTimeOffset?)attempt.StartedAt);
        var cooled = last + options.Cooldown;
        var next = rule.BackoffSince <= now ? rule.BackoffUntil : null;
        if (now < next && !(next < cooled))
        {
            return new RechargeDecision(RechargeReason.Backoff) { Until = next }; // the later of both is what holds
        }

        return now < cooled ? new RechargeDecision(RechargeReason.Cooldown) { Until = cooled } : null;
    }

    private static RechargeDecision? Limited(
        RechargeSituation situation, RechargeRule rule, RechargeOrder order, RechargeOptions options)
    {
        var day = new DateTimeOffset(situation.Now.UtcDateTime.Date, TimeSpan.Zero);
        var today = situation.History.Count(attempt =>
            attempt.ReachedCard && attempt.StartedAt >= day && attempt.StartedAt <= situation.Now);
        if (today >= rule.AttemptsPerDay)
        {
            return new RechargeDecision(RechargeReason.DailyLimit) { Order = order, Until = day.AddDays(1) };
        }

        var month = SpendingMonth.Of(situation.Now);
        var left = Math.Min(
            options.ChargeMaxCents,
            rule.MonthlyLimitCents is { } limit ? Math.Max(0, limit - month.SpentCents(situation.History))
                : long.MaxValue);
        return order.PriceCents <= left
            ? null
            : new RechargeDecision(RechargeReason.SpendingLimit) { Order = order, LeftCents = left, Until = month.End };
    }
}
