using System.Globalization;
using BillingPortal.Alerts;
using BillingPortal.AutoRecharge;
using BillingPortal.Cards;
using BillingPortal.Components.Shared;
using BillingPortal.Data;
using BillingPortal.Messaging;
using BillingPortal.Purchases;
using BillingPortal.Wallet;
using BillingPortal.Webhooks;

namespace BillingPortal.Support;

/// <summary>What happened, in the words of the desk. Times are UTC: staff and tenant may sit in different zones.</summary>
internal static class TimelineText
{
    private const string Zone = "UTC";

    public static TimelineItem Of(Transaction entry) => new(
        entry.PostedAt, UseKind(entry), entry.Id, TransactionText.Name(entry.Kind),
        entry.Amount.IsNegative ? StatusTone.Neutral : StatusTone.Good, TransactionText.Describe(entry),
        $"{entry.Id}, balance {AmountFormat.Text(entry.BalanceAfter)}"
            + (entry.Reference is null ? "" : $", {entry.Reference}"),
        entry.Amount);

    public static TimelineItem Of(TimelineRow row) => row.What switch
    {
        "payment" => Payment(row),
        "evaluation" => Evaluation(row),
        "attempt" => Attempt(row),
        "sms" => Sms(row),
        "mail" => Mail(row),
        "webhook" => Webhook(row),
        "change" => new(row.At, TimelineKind.Change, row.Id, row.B == "staff" ? "Staff" : "Change", StatusTone.Info,
            row.D ?? row.A, $"{row.C}, {row.A}"),
        _ => throw new InvalidOperationException($"The timeline does not know '{row.What}'."),
    };

    /// <summary>How a payment stands, refunds and disputes included.</summary>
    public static (string Text, StatusTone Tone) State(PurchaseState state, DisputeState? dispute, long refunded, long price) =>
        (state, dispute) switch
        {
            (_, DisputeState.Open) => ("Disputed", StatusTone.Bad),
            (_, DisputeState.Lost) => ("Dispute lost", StatusTone.Bad),
            (PurchaseState.Settled, _) when refunded >= price => ("Refunded", StatusTone.Neutral),
            (PurchaseState.Settled, _) when refunded > 0 => ("Part refunded", StatusTone.Warning),
            (PurchaseState.Settled, DisputeState.Won) => ("Paid, dispute won", StatusTone.Good),
            (PurchaseState.Settled, _) => ("Paid", StatusTone.Good),
            (PurchaseState.Started, _) => ("Not paid yet", StatusTone.Neutral),
            (PurchaseState.RequiresAction, _) => ("Waits for the cardholder", StatusTone.Warning),
            (PurchaseState.Processing, _) => ("With the bank", StatusTone.Info),
            (PurchaseState.Failed, _) => ("Failed", StatusTone.Bad),
            (PurchaseState.Canceled, _) => ("Given up", StatusTone.Neutral),
        };

    private static TimelineKind UseKind(Transaction entry) =>
        entry.Kind is Ledger.EntryKind.Usage or Ledger.EntryKind.HoldCapture ? TimelineKind.Usage : TimelineKind.Entry;

    private static TimelineItem Payment(TimelineRow row)
    {
        DisputeState? dispute = row.B.Length == 0 ? null : TextCodes.Parse<DisputeState>(row.B);
        var (text, tone) = State(TextCodes.Parse<PurchaseState>(row.A), dispute, row.M ?? 0, row.N ?? 0);
        var kind = TextCodes.Parse<PurchaseKind>(row.C) is PurchaseKind.AutoRecharge ? "Auto-recharge" : "Purchase";
        var details = new[]
        {
            row.E.Split(' ') is [var brand, var last4] ? $"{CardNames.Of(brand)} ••{last4}" : null,
            row.M > 0 ? $"{AmountFormat.Cents(row.M.Value)} refunded" : null,
            row.D is { } code ? $"last refusal {code}" : null,
            row.Id,
        };
        return new TimelineItem(
            row.At, TimelineKind.Payment, row.Id, text, tone,
            $"{kind} of {AmountFormat.Text(row.Amount)} for {AmountFormat.Cents(row.N ?? 0)}",
            string.Join(", ", details.Where(detail => detail is not null)));
    }

    private static TimelineItem Evaluation(TimelineRow row)
    {
        var reason = TextCodes.Parse<RechargeReason>(row.A);
        DateTimeOffset? until = row.D is { } text ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture) : null;
        var times = row.C == "1" ? "" : $", {row.C} times";
        return new TimelineItem(
            row.At, TimelineKind.Recharge, row.Id, "Recharge check",
            reason is RechargeReason.Charge ? StatusTone.Info : StatusTone.Neutral,
            RechargeTexts.Sentence(reason, until, row.M, row.N, Zone),
            $"{RechargeTexts.Trigger(TextCodes.Parse<RechargeTrigger>(row.B))}, {AmountFormat.Text(row.Amount)} available{times}");
    }

    private static TimelineItem Attempt(TimelineRow row)
    {
        var state = TextCodes.Parse<AttemptState>(row.A);
        return new TimelineItem(
            row.At, TimelineKind.Recharge, row.Id, "Recharge", RechargeTexts.Tone(state),
            $"{RechargeTexts.State(state)}: {AmountFormat.Cents(row.N ?? 0)} for {AmountFormat.Text(row.Amount)}",
            row.D is { } code ? $"{DeclineText.For(code)} ({code})" : RechargeTexts.Trigger(TextCodes.Parse<RechargeTrigger>(row.B)));
    }

    private static TimelineItem Sms(TimelineRow row)
    {
        var (direction, state) = (TextCodes.Parse<SmsDirection>(row.A), TextCodes.Parse<SmsState>(row.B));
        var way = direction is SmsDirection.Outbound ? $"SMS from {row.D} to {row.E}" : $"SMS from {row.E} to {row.D}";
        var trouble = row.N > 0 ? $", error {row.N}" : "";
        return new TimelineItem(
            row.At, TimelineKind.Sms, row.Id, Words(row.B),
            state is SmsState.Failed or SmsState.Undelivered or SmsState.Refused ? StatusTone.Bad
                : state is SmsState.Delivered or SmsState.Received ? StatusTone.Good : StatusTone.Neutral,
            way, $"{AmountFormat.Text(row.Amount)} {Words(row.C).ToLowerInvariant()}{trouble}");
    }

    private static TimelineItem Mail(TimelineRow row)
    {
        var state = TextCodes.Parse<EmailState>(row.A);
        return new TimelineItem(
            row.At, TimelineKind.Mail, row.Id, $"Email {row.A}",
            state is EmailState.Delivered or EmailState.Sent ? StatusTone.Good
                : state is EmailState.Pending ? StatusTone.Neutral : StatusTone.Bad,
            row.C, $"{MailKinds.NameOf(row.B)}, to {row.D}");
    }

    private static TimelineItem Webhook(TimelineRow row)
    {
        var state = TextCodes.Parse<EventState>(row.C);
        return new TimelineItem(
            row.At, TimelineKind.Webhook, row.Id, $"Webhook {row.C}",
            state is EventState.Dead ? StatusTone.Bad : state is EventState.Kept ? StatusTone.Warning : StatusTone.Neutral,
            $"{row.A}: {row.B}", row.E.Length == 0 ? row.D : $"{row.D}, {row.E}");
    }

    private static string Words(string code) =>
        char.ToUpperInvariant(code[0]) + code[1..].Replace('_', ' ');
}
