using System.Globalization;
using BillingPortal.AutoRecharge;
using BillingPortal.Components.Shared;
using BillingPortal.Data;
using BillingPortal.Purchases;

namespace BillingPortal.Support.Metrics;

/// <summary>The figures of payments and recharges in words.</summary>
internal static class MetricsTexts
{
    public static string Kind(string code) => TextCodes.Parse<PurchaseKind>(code) switch
    {
        PurchaseKind.OnSession => "Bought on the portal",
        PurchaseKind.Checkout => "Bought on Stripe's page",
        PurchaseKind.AutoRecharge => "Auto-recharge",
        PurchaseKind.BankTransfer => "Bank transfer",
    };

    public static string Trigger(string code) => RechargeTexts.Trigger(TextCodes.Parse<RechargeTrigger>(code));

    public static string Outcome(string code) => TextCodes.Parse<AttemptState>(code) switch
    {
        AttemptState.Recorded or AttemptState.Charging => "Being charged",
        AttemptState.Succeeded => "Paid",
        AttemptState.RequiresAction => "Waits for the cardholder",
        AttemptState.Declined => "Declined",
        AttemptState.Unknown => "Not answered yet",
        AttemptState.Canceled => "Given up before a charge",
    };

    public static string Decline(string code) => code == "authentication_expired"
        ? "The cardholder did not confirm in time." : Cards.DeclineText.For(code).Reason;

    public static string Rate(int part, int whole) =>
        PaymentMetrics.Rate(part, whole) is { } rate ? $"{rate.ToString("0.#", CultureInfo.InvariantCulture)} %" : "–";

    public static string Seconds(double? seconds) => seconds switch
    {
        null => "–",
        < 120 => $"{seconds.Value.ToString("0.0", CultureInfo.InvariantCulture)} s",
        < 7200 => $"{(seconds.Value / 60).ToString("0.0", CultureInfo.InvariantCulture)} min",
        _ => $"{(seconds.Value / 3600).ToString("0.0", CultureInfo.InvariantCulture)} h",
    };

    public static string Delay(CreditDelay delay) => delay.Recharges == 0
        ? "no recharge was paid that a crossing had asked for"
        : $"median of {delay.Recharges} recharges, from taking up the crossing; 95 % within {Seconds(delay.P95)}";

    /// <summary>The chart in one sentence.</summary>
    public static string Chart(PaymentMetrics metrics)
    {
        var best = metrics.Revenue.MaxBy(day => day.Cents)!;
        return metrics.RevenueCents == 0
            ? $"Revenue per day of the last {metrics.Days} days: nothing."
            : $"Revenue per day of the last {metrics.Days} days: {AmountFormat.Cents(metrics.RevenueCents)} in all, most on "
                + $"{Day(best.Day)} with {AmountFormat.Cents(best.Cents)}.";
    }

    public static string Day(DateOnly day) => day.ToString("d MMM yyyy", CultureInfo.InvariantCulture);
}
