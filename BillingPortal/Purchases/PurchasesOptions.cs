using System.ComponentModel.DataAnnotations;

namespace BillingPortal.Purchases;

/// <summary>Settings of section <c>Purchases</c>.</summary>
public sealed class PurchasesOptions
{
    public const string Section = "Purchases";

    /// <summary>
    /// Credits given for the first purchase that switches auto-recharge on (contract, "Price book"). None on the
    /// wallet.
    /// </summary>
    [Range(0, 100_000)]
    public int SwitchOnBonusCredits { get; init; } = 20;

    /// <summary>An unpaid purchase's intent is cancelled after this time (money-in, "Purchase").</summary>
    [Range(1, 168)]
    public int AbandonAfterHours { get; init; } = 24;

    /// <summary>
    /// Reconciliation looks at purchases that have been open longer than this (money-in, "Reconciliation").
    /// </summary>
    [Range(1, 1440)]
    public int OpenMinutes { get; init; } = 15;

    /// <summary>
    /// A call to Stripe without an answer for this long is looked up; with the sweep's minute well under two minutes.
    /// </summary>
    [Range(5, 600)]
    public int UnknownSeconds { get; init; } = 30;

    /// <summary>How long a Checkout page can be used (Stripe allows 30 minutes to 24 hours).</summary>
    [Range(30, 1440)]
    public int CheckoutMinutes { get; init; } = 60;

    /// <summary>What the page offers as wallet funds beside a custom amount, in US dollars.</summary>
    public IReadOnlyList<int> WalletAmountsUsd { get; init; } = [10, 20, 50, 100, 250, 500];
}
