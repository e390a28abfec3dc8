namespace BillingPortal.Cards;

/// <summary>What can be said of a card from its data alone. Pure: no I/O, no clock.</summary>
public static class CardPolicy
{
    /// <summary>A card is good until the last day of its month.</summary>
    public static DateOnly LastDay(int expYear, int expMonth) =>
        new DateOnly(expYear, expMonth, 1).AddMonths(1).AddDays(-1);

    /// <summary>A refusal outranks the date, except that an expired card is simply expired.</summary>
    public static CardState StateOf(SavedCard card, DateOnly today, int noticeDays)
    {
        var lastDay = LastDay(card.ExpYear, card.ExpMonth);
        return today > lastDay ? CardState.Expired
            : card.State is CardState.NeedsAttention ? CardState.NeedsAttention
            : today.AddDays(noticeDays) >= lastDay ? CardState.Expiring
            : CardState.Active;
    }
}
