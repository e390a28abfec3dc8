using BillingPortal.Components.Shared;

namespace BillingPortal.Wallet;

/// <summary>
/// Something on the account that wants a person's attention, and what to do about it. A low balance is said above every
/// page already.
/// </summary>
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

        if (overview.AutoRecharge.IsPaused)
        {
            yield return new OverviewAlert(
                StatusTone.Warning, "Auto-recharge is paused.", "It charges nothing until someone has looked at it.",
                canPay ? "/auto-recharge" : null, "See why and resume");
        }
    }
}
