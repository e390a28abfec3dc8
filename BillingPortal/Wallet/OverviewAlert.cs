using BillingPortal.Components.Shared;
using BillingPortal.Notifications;

namespace BillingPortal.Wallet;

/// <summary>Something on the account that wants a person's attention, and what to do about it.</summary>
public sealed record OverviewAlert(StatusTone Tone, string Title, string Text, string? Href, string Action)
{
    /// <summary>The most pressing first; without an action for who may not pay.</summary>
    public static IReadOnlyList<OverviewAlert> For(Overview overview, bool canPay) => [.. Alerts(overview, canPay)];

    private static IEnumerable<OverviewAlert> Alerts(Overview overview, bool canPay)
    {
        if (overview.Balance.Debt.IsPositive)
        {
            yield return new OverviewAlert(
                StatusTone.Bad, $"{AmountFormat.Text(overview.Balance.Debt)} owed.",
                "A refund or disputed payment took back more than was left. Usage is refused until a top-up has paid this.",
                canPay ? "/buy" : null, "Top up now");
        }
        else if (overview.HasEntries && overview.Level == AlertLevel.Critical && !overview.AutoRecharge.IsOn)
        {
            yield return new OverviewAlert(
                StatusTone.Bad, "Almost used up.", "When nothing is available, calls and messages are refused.",
                canPay ? "/buy" : null, "Top up now");
        }

        if (overview.AutoRecharge.IsPaused)
        {
            yield return new OverviewAlert(
                StatusTone.Warning, "Auto-recharge is paused.", "It charges nothing until someone has looked at it.",
                canPay ? "/auto-recharge" : null, "See why and resume");
        }
    }
}
