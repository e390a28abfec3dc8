using BillingPortal.Cards;
using BillingPortal.Components.Shared;

namespace BillingPortal.Purchases;

/// <summary>Something the buyer must read before going on: what happened, whether money moved, what to do.</summary>
/// <param name="IsFatal">The page cannot be shown at all; only Retry is left.</param>
internal sealed record BuyTrouble(
    string Title, string Text, StatusTone Tone = StatusTone.Bad, bool IsFatal = false, string? ReferenceId = null)
{
    public static BuyTrouble Declined(string? code) => Declined(DeclineText.For(code));

    public static BuyTrouble Declined(DeclineText text) => new(text.Reason, $"Nothing was charged. {text.Advice}");

    /// <summary>Why the attempt has not been paid; null when nothing was refused.</summary>
    public static BuyTrouble? Of(Purchase? purchase) => purchase switch
    {
        { State: PurchaseState.Started, DeclineCode: not null } => Declined(PurchaseTexts.Refusal(purchase)),
        { State: PurchaseState.Failed } when PurchaseTexts.IsFromBank(purchase) =>
            Declined(PurchaseTexts.Refusal(purchase)),
        _ => null,
    };

    public static BuyTrouble Unreachable { get; } = new(
        "The card network cannot be reached", "Nothing was charged. Wait a moment and press the button again.");

    public static BuyTrouble GivenUp { get; } = new("Payment given up", "Nothing was charged.", StatusTone.Info);

    public static BuyTrouble LeftCheckout { get; } = new(
        "You left the payment page", "Nothing was charged. You can buy here, too.", StatusTone.Info);

    public static BuyTrouble FormNotReady { get; } = new(
        "The card form is not ready", "Wait until it has loaded, or choose a saved card. Nothing was charged.");

    public static BuyTrouble NotLoaded(string referenceId) => new(
        "Buying is not possible right now", "Your balance and the packages could not be read. Nothing was charged.",
        IsFatal: true, ReferenceId: referenceId);
}
