using BillingPortal.Cards;
using BillingPortal.Components.Shared;
using BillingPortal.Data;
using BillingPortal.Kernel;

namespace BillingPortal.AutoRecharge;

/// <summary>What happened and why, as sentences for the people of a tenant. The codes are for programs.</summary>
public static class RechargeTexts
{
    /// <summary>The code of a reason, trigger or state as it stands in the database and in JSON.</summary>
    public static string Code<TEnum>(TEnum value)
        where TEnum : struct, Enum => TextCodes.Of(value);

    /// <summary>Why an evaluation charged or did not, with its figures.</summary>
    public static string Sentence(
        RechargeReason reason, DateTimeOffset? until, long? leftCents, long? priceCents, string zone) => reason switch
        {
            RechargeReason.Charge => $"Decided to charge {Price(priceCents)}.",
            RechargeReason.Disabled => "Not recharged: auto-recharge is switched off.",
            RechargeReason.NotBelowThreshold => "Not recharged: the balance was not below the threshold.",
            RechargeReason.NoCard => "Not recharged: there is no saved card that could be charged.",
            RechargeReason.InFlight => "Not recharged: another attempt was under way.",
            RechargeReason.Cooldown => $"Not recharged: the pause after the last attempt ends at {Time(until, zone)}.",
            RechargeReason.Backoff => $"Not recharged: after the last refusal it tries again at {Time(until, zone)}.",
            RechargeReason.DailyLimit => $"Not recharged: today's number of attempts is used up until {Time(until, zone)}.",
            RechargeReason.SpendingLimit =>
                $"Not recharged: {Price(priceCents)} would go beyond the limit, of which {Price(leftCents)} is left.",
            RechargeReason.AwaitingAuthentication => "Not recharged: a payment waits for you to confirm it with your bank.",
            RechargeReason.PausedAfterFailures =>
                "Not recharged: paused after failed attempts. A new card or a purchase ends the pause.",
            RechargeReason.SpikeBrake => "Not recharged: usage is far above the usual. Confirm that it is meant to go on.",
            RechargeReason.DisputeOpen =>
                "Not recharged: a payment is disputed. Recharging goes on when the dispute is closed.",
            RechargeReason.NoPackage => "Not recharged: no package is on sale at the moment.",
            RechargeReason.InvoiceNotApproved =>
                "Not recharged: buying on invoice is not approved any more. Choose cards, or ask our support.",
            RechargeReason.InvoiceUnpaid =>
                "Not recharged: the last recharge's invoice is not paid yet, and its credits come with the payment.",
            RechargeReason.InvoiceOverdue => "Not recharged: an invoice is overdue. Pay it, and recharging goes on.",
            RechargeReason.InvoiceLimit => $"Not recharged: {Price(priceCents)} would go beyond the limit for unpaid "
                + $"invoices, of which {Price(leftCents)} is left. Pay an open invoice, and recharging goes on.",
        };

    public static string State(AttemptState state) => state switch
    {
        AttemptState.Recorded or AttemptState.Charging => "Charging",
        AttemptState.Succeeded => "Paid",
        AttemptState.RequiresAction => "Waiting for you",
        AttemptState.Declined => "Declined",
        AttemptState.Unknown => "Checking with the bank",
        AttemptState.Canceled => "Not charged",
    };

    public static StatusTone Tone(AttemptState state) => state switch
    {
        AttemptState.Recorded or AttemptState.Charging or AttemptState.Unknown => StatusTone.Info,
        AttemptState.Succeeded => StatusTone.Good,
        AttemptState.RequiresAction => StatusTone.Warning,
        AttemptState.Declined => StatusTone.Bad,
        AttemptState.Canceled => StatusTone.Neutral,
    };

    public static string Trigger(RechargeTrigger trigger) => trigger switch
    {
        RechargeTrigger.Crossing => "Balance fell below the threshold",
        RechargeTrigger.Sweep => "Regular check",
        RechargeTrigger.Manual => "By hand",
    };

    /// <summary>A refusal in plain words, what to do included.</summary>
    public static string Decline(string? code) => code switch
    {
        "authentication_expired" => "The payment was not confirmed with the bank in time; nothing was charged.",
        _ => DeclineText.For(code).ToString(),
    };

    /// <summary>Why an attempt that never charged was given up.</summary>
    public static string Outcome(RechargeAttempt attempt) => attempt.State switch
    {
        AttemptState.Declined => Decline(attempt.DeclineCode),
        AttemptState.Canceled => "The payment provider could not take the payment; nothing was charged.",
        AttemptState.RequiresAction => "Your bank wants you to confirm the payment.",
        AttemptState.Unknown => "The payment provider has not answered yet. You are not charged twice.",
        AttemptState.Recorded or AttemptState.Charging => "The payment is under way.",
        AttemptState.Succeeded when attempt.InvoiceId is not null =>
            $"An invoice over {AmountFormat.Cents(attempt.PriceCents)} was issued.",
        AttemptState.Succeeded => $"{AmountFormat.Text(attempt.Amount + attempt.Bonus)} added.",
    };

    private static string Price(long? cents) => AmountFormat.Cents(cents ?? 0);

    private static string Time(DateTimeOffset? time, string zone) => time is { } at ? TimeFormat.DateAndTime(at, zone)
        : "a later time";
}
