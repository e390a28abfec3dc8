using BillingPortal.AutoRecharge;
using BillingPortal.Components.Shared;

namespace BillingPortal.Support;

/// <summary>
/// Why a tenant was not recharged, or that it was: one answer that an agent can read out. Pure, of one reading; times are UTC.
/// </summary>
internal sealed record RechargeStory(StatusTone Tone, string Badge, string Sentence)
{
    private const string Zone = "UTC";

    public static RechargeStory Of(RechargeView view)
    {
        var last = view.Attempts is [var newest, ..] ? newest : null;
        return view switch
        {
            { Rule: null } => new(
                StatusTone.Neutral, "Never set up",
                "Not recharged: nobody has set up auto-recharge, so there is nothing that may be charged."),
            { Rule.Enabled: false } => new(
                StatusTone.Neutral, "Off",
                $"Not recharged: the tenant switched auto-recharge off; it was last changed on {At(view.Rule.UpdatedAt)}."),
            { Waiting: { } waiting } => new(
                StatusTone.Warning, "Waits for the cardholder",
                $"Not recharged: the bank wants the cardholder to confirm {AmountFormat.Cents(waiting.PriceCents)}"
                + (waiting.LinkExpiresAt is { } link ? $", by the link in their mail, until {At(link)}." : ".")),
            { Rule.PausedReason: RechargePause.Failures } => new(
                StatusTone.Bad, "Paused",
                $"Not recharged: paused since {At(view.Rule.PausedAt!.Value)} after {Failures(view.Rule.ConsecutiveFailures)}."
                + $"{Refused(view, last)} A new card or a purchase of the tenant ends the pause."),
            { Rule.PausedReason: RechargePause.Spike } => new(
                StatusTone.Warning, "Paused",
                $"Not recharged: paused since {At(view.Rule.PausedAt!.Value)}, because usage was far above the usual; it waits "
                + "until the tenant confirms on its auto-recharge page that this is meant."),
            _ when last?.State.IsInFlight() == true => new(
                StatusTone.Info, "Under way",
                $"A charge of {AmountFormat.Cents(last.PriceCents)} is under way since {At(last.StartedAt)}; nothing is charged twice."),
            { Now.Reason: RechargeReason.NotBelowThreshold } => new(StatusTone.Good, "On", NotBelow(view, last)),
            { Now.Reason: RechargeReason.Charge } => new(
                StatusTone.Info, "Due",
                $"{AmountFormat.Text(view.Available)} are available, below {AmountFormat.Text(view.Rule.Threshold)}: "
                + $"the next check charges {AmountFormat.Cents(view.Now.Order!.PriceCents)}."),
            _ => new(StatusTone.Warning, "Waiting", Waiting(view, last)),
        };
    }

    /// <summary>Why a decision does not charge, said to staff.</summary>
    public static string Refusal(RechargeDecision decision) => decision.Reason switch
    {
        // The tenant's words say "you".
        RechargeReason.SpikeBrake =>
            "Not recharged: usage is far above the usual; the tenant has to confirm that it is meant to go on.",
        RechargeReason.AwaitingAuthentication => "Not recharged: a payment waits for the cardholder to confirm it.",
        _ => RechargeTexts.Sentence(decision.Reason, decision.Until, decision.LeftCents, decision.Order?.PriceCents, Zone),
    };

    private static string NotBelow(RechargeView view, RechargeAttempt? last) =>
        $"Not recharged, because there was no need: {AmountFormat.Text(view.Available)} are available, and it charges below "
        + $"{AmountFormat.Text(view.Rule!.Threshold)}."
        + (last is { State: AttemptState.Succeeded, EndedAt: { } ended }
            ? $" Last recharged on {At(ended)}: {AmountFormat.Text(last.Amount + last.Bonus)} for {AmountFormat.Cents(last.PriceCents)}."
            : "");

    private static string Waiting(RechargeView view, RechargeAttempt? last)
    {
        var (now, sentence) = (view.Now, Refusal(view.Now));
        return now.Reason is RechargeReason.Backoff or RechargeReason.Cooldown or RechargeReason.DailyLimit
            ? sentence + Refused(view, last)
            : sentence;
    }

    // " On 20 Nov 2026, 14:05 UTC Visa ••4242 was refused: The card does not have enough funds."
    private static string Refused(RechargeView view, RechargeAttempt? last)
    {
        if (last is not { State: AttemptState.Declined, EndedAt: { } ended })
        {
            return "";
        }

        var card = view.Cards.FirstOrDefault(one => one.PaymentMethodId == last.DeclinedCard) is { } known
            ? RechargeExample.Card(known) : "the card";
        var why = last.DeclineCode == "authentication_expired"
            ? "the cardholder did not confirm it with the bank in time"
            : Cards.DeclineText.For(last.DeclineCode).Reason.TrimEnd('.');
        return $" On {At(ended)} {card} was refused for {AmountFormat.Cents(last.PriceCents)}: "
            + $"{char.ToLowerInvariant(why[0])}{why[1..]}.";
    }

    private static string Failures(int count) => count == 1 ? "one failed attempt" : $"{count} failed attempts in a row";

    private static string At(DateTimeOffset time) => $"{TimeFormat.DateAndTime(time, Zone)} UTC";
}
