using System.ComponentModel.DataAnnotations;

namespace BillingPortal.Cards;

/// <summary>Settings of section <c>Cards</c>.</summary>
public sealed class CardsOptions
{
    public const string Section = "Cards";

    /// <summary>
    /// A card counts as expiring, and its owner is told, this long before its last day (contract, "Purchase and
    /// cards").
    /// </summary>
    [Range(1, 90)]
    public int ExpiryNoticeDays { get; init; } = 30;

    /// <summary>The second and last reminder (contract, "Purchase and cards").</summary>
    [Range(0, 30)]
    public int ExpiryReminderDays { get; init; } = 7;

    /// <summary>A bound against card testing, not a promise.</summary>
    [Range(1, 100)]
    public int PerTenantMax { get; init; } = 20;

    /// <summary>
    /// When a card is saved again, the older payment method is detached only after charges under way have ended.
    /// </summary>
    [Range(0, 1440)]
    public int SupersededDetachMinutes { get; init; } = 10;
}
