using BillingPortal.AutoRecharge;
using BillingPortal.Components.Shared;
using BillingPortal.Kernel;

namespace BillingPortal.Notifications;

/// <summary>What is the matter with a balance and what to do about it, in sentences: the same in mail, API and portal.</summary>
internal static class BalanceAdvice
{
    public static string Message(AlertLevel level, Amount available, Amount threshold)
    {
        var (left, limit) = ($"{AmountFormat.Text(available)} available", $"your threshold of {AmountFormat.Text(threshold)}");
        return level switch
        {
            AlertLevel.Good => $"Your balance is good: {left}.",
            AlertLevel.Low => $"Your balance is getting low: {left}, which is at most twice {limit}.",
            AlertLevel.Warning => $"Your balance is low: {left}, which is not above {limit}.",
            AlertLevel.Critical when available * 4 <= threshold =>
                $"Your balance is critical: {left}, which is at most a quarter of {limit}.",
            AlertLevel.Critical => $"Your balance is critical: {left}, which does not cover the phone numbers that "
                + "renew in the next 7 days.",
        };
    }

    /// <summary>The most pressing first; empty when there is nothing to do.</summary>
    public static IReadOnlyList<string> Recommendations(Situation now) => [.. Sentences(now)];

    private static IEnumerable<string> Sentences(Situation now)
    {
        var available = now.Available;
        if (now.Debt.IsPositive)
        {
            yield return $"{AmountFormat.Text(now.Debt)} are owed: usage is refused until a top-up has paid them.";
        }
        else if (!available.IsPositive)
        {
            yield return "Nothing is left: calls and messages are refused until you add "
                + (available.Unit is Unit.Credits ? "credits." : "funds.");
        }

        if (now.RentWeek > available)
        {
            yield return $"Phone numbers for {AmountFormat.Text(now.RentWeek)} renew in the next 7 days: add at least "
                + $"{AmountFormat.Text(now.RentWeek - available)}, or they will be suspended.";
        }
        else if (now.RentMonth > available)
        {
            yield return $"Phone numbers for {AmountFormat.Text(now.RentMonth)} renew in the next 30 days, more than is "
                + "available today.";
        }

        if (now.Level is not AlertLevel.Good)
        {
            var comfortable = (now.Threshold * 2) - available + new Amount(1, available.Unit);
            yield return $"Add {AmountFormat.Text(RoundUp(comfortable))} or more to be back above twice your threshold.";
            yield return now.Recharge switch
            {
                { IsActive: true } rule when rule.Unit == available.Unit =>
                    $"Auto-recharge is on: it tops up when less than {AmountFormat.Text(rule.Threshold)} are left.",
                { Enabled: true } => "Auto-recharge is paused: look at why, and let it go on.",
                _ => "Switch on auto-recharge, and the balance tops itself up before it runs out.",
            };
        }

        if (!now.EmailEnabled)
        {
            yield return "Switch on email notifications to be warned in time.";
        }
    }

    private static Amount RoundUp(Amount amount) => Amount.Of(Math.Ceiling(amount.ToDecimal()), amount.Unit);

    /// <summary>All that the sentences depend on.</summary>
    internal sealed record Situation(
        AlertLevel Level, Amount Available, Amount Debt, Amount Threshold, Amount RentWeek, Amount RentMonth,
        RechargeRule? Recharge, bool EmailEnabled);
}
