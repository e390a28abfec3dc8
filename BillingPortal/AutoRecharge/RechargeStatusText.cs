using BillingPortal.Cards;
using BillingPortal.Components.Shared;
using BillingPortal.Kernel;

namespace BillingPortal.AutoRecharge;

/// <summary>The page's first sentence: whether auto-recharge works, and if not, why and what to do.</summary>
public sealed record RechargeStatusText(StatusTone Tone, string Badge, string Sentence)
{
    public static RechargeStatusText Of(RechargeView view, RechargeOptions options, string zone)
    {
        if (view.Rule is not { Enabled: true } rule || rule.Unit != view.Plan)
        {
            return new RechargeStatusText(
                StatusTone.Neutral, "Off", "Auto-recharge is off. When your balance is used up, your services stop.");
        }

        return Paused(rule) ?? Blocked(view, zone) ?? new RechargeStatusText(
            StatusTone.Good, "On", Working(view, rule, options));
    }

    private static RechargeStatusText? Paused(RechargeRule rule) => rule.PausedReason switch
    {
        RechargePause.Failures => new(
            StatusTone.Bad, "Paused", rule.ConsecutiveFailures > 1
                ? $"Auto-recharge is paused: {rule.ConsecutiveFailures} attempts in a row have failed. "
                    + "Add a card or buy something, and it goes on."
                : "Auto-recharge is paused: your card can no longer be charged. Add another card, and it goes on."),
        RechargePause.Spike => new(
            StatusTone.Warning, "Paused", "Auto-recharge is paused: usage is far above the usual. "
            + "Confirm that it is meant to go on."),
        null => null,
    };

    private static RechargeStatusText? Blocked(RechargeView view, string zone) => view.Now.Reason switch
    {
        RechargeReason.NoCard => new(
            StatusTone.Bad, "No card", "Auto-recharge is on, but there is no card that could be charged. Add one."),
        RechargeReason.AwaitingAuthentication => new(
            StatusTone.Warning, "Waiting for you", "Your bank wants you to confirm a payment. "
            + "Until then nothing else is charged."),
        RechargeReason.InFlight =>
            new(StatusTone.Info, "Charging", "A payment is under way. Your credits follow in a moment."),
        RechargeReason.DisputeOpen or RechargeReason.NoPackage or RechargeReason.Cooldown or RechargeReason.Backoff
            or RechargeReason.DailyLimit or RechargeReason.SpendingLimit or RechargeReason.SpikeBrake
            or RechargeReason.InvoiceNotApproved or RechargeReason.InvoiceUnpaid or RechargeReason.InvoiceOverdue
            or RechargeReason.InvoiceLimit => new(
            StatusTone.Warning, "Waiting", "Your balance is below the threshold. " + LastRefusal(view)
                + RechargeTexts.Sentence(
                    view.Now.Reason, view.Now.Until, view.Now.LeftCents, view.Now.Order?.PriceCents, zone)),
        RechargeReason.Charge =>
            new(StatusTone.Info, "Due", "Your balance is below the threshold: a recharge follows within minutes."),
        RechargeReason.Disabled or RechargeReason.NotBelowThreshold or RechargeReason.PausedAfterFailures =>
            view.Usable.Count > 0 || view.Rule is { PaysByInvoice: true } ? null : new(
                StatusTone.Bad, "No card", "Auto-recharge is on, but there is no card that could be charged. Add one."),
    };

    // Why the last attempt failed, as long as that is what is waited for.
    private static string LastRefusal(RechargeView view) =>
        view.Rule is { ConsecutiveFailures: > 0 } && view.Attempts is [{ State: AttemptState.Declined } last, ..]
            ? $"The last attempt failed. {RechargeTexts.Decline(last.DeclineCode)} "
            : "";

    private static string Working(RechargeView view, RechargeRule rule, RechargeOptions options)
    {
        var largest = RechargeSizing.Largest(rule, view.Packages, options);
        return $"Auto-recharge is on: when less than {AmountFormat.Text(rule.Threshold)} are left, "
            + (rule.PaysByInvoice ? "an invoice is issued" : $"{CardNames.Of(view.Usable[0])} is charged")
            + (largest is null ? "." : $", {AmountFormat.Cents(largest.PriceCents)} at most at a time.");
    }
}
