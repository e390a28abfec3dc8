using BillingPortal.Components.Shared;

namespace BillingPortal.Cards;

/// <summary>Something to read on the page of saved cards: what happened and what to do.</summary>
internal sealed record CardTrouble(string Title, string Text, StatusTone Tone = StatusTone.Bad)
{
    public static CardTrouble Unreachable { get; } = new(
        "The card network cannot be reached", "Nothing was changed. Wait a moment and try again.");

    public static CardTrouble NotYet { get; } = new(
        "The card is not saved yet", "The confirmation with your bank is not finished. Try again.", StatusTone.Warning);

    public static CardTrouble TooMany { get; } = new(
        "As many cards as possible are saved", "Remove one that you no longer need, then add the new one.",
        StatusTone.Warning);

    public static CardTrouble FormNotReady { get; } = new("The card form is not ready", "Wait until it has loaded.");

    public static CardTrouble Refused(DeclineText text) => new(text.Reason, $"The card was not saved. {text.Advice}");

    public static CardTrouble Fields(string? message) => new(
        "The card details are not complete", message ?? "Check the marked fields.");
}
