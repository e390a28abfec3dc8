using BillingPortal.Cards;
using BillingPortal.Components.Shared;
using BillingPortal.Kernel;

namespace BillingPortal.AutoRecharge;

/// <summary>What a rule would do, in one sentence with figures, while it is being typed.</summary>
internal static class RechargeExample
{
    /// <summary>
    /// For example: "If you fall to 99 credits, we charge Visa ••4242 $6.50 and you have 369 credits."
    /// </summary>
    public static string Text(RechargeRule draft, RechargeView view, RechargeOptions options)
    {
        var step = draft.Unit is Unit.Credits ? Amount.Credits(1) : Amount.Usd(0.01m);
        var fallen = Amount.Max(draft.Threshold - step, Amount.Zero(draft.Unit));
        if (RechargeSizing.For(draft, fallen, Amount.Zero(draft.Unit), view.Packages, options) is not { } order)
        {
            return "No package is on sale at the moment: nothing could be bought.";
        }

        var card = draft.CardIds.Select(id => view.Cards.FirstOrDefault(one => one.Id == id)).OfType<SavedCard>(
            ).FirstOrDefault()
            ?? view.Cards.OrderByDescending(one => one.IsDefault).FirstOrDefault();
        var largest = RechargeSizing.Largest(draft, view.Packages, options)!;
        var pays = draft.PaysByInvoice ? "we send you an invoice over" : $"we charge {Card(card)}";
        return $"If you fall to {AmountFormat.Text(fallen)}, {pays} "
            + $"{AmountFormat.Cents(order.PriceCents)} and you have {AmountFormat.Text(fallen + order.Total)}."
            + (largest.PriceCents > order.PriceCents
                ? $" From an empty account it is {AmountFormat.Cents(largest.PriceCents)}, the most it can be." : "");
    }

    public static string Card(SavedCard? card) => card is null ? "your card" : CardNames.Of(card);
}
