using BillingPortal.Grants;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Notifications;

namespace BillingPortal.Wallet;

/// <summary>Everything the Overview page shows.</summary>
/// <param name="Balance">The account that usage draws on.</param>
/// <param name="Other">The tenant's other account; null while it is empty.</param>
/// <param name="MoneyValue">About what the available credits cost to buy; null in the wallet.</param>
/// <param name="ThisMonth">Use since the first of the month in the tenant's zone, the most used service first.</param>
/// <param name="HasEntries">False until the first entry: the page then says how to begin.</param>
public sealed record Overview(
    Balance Balance, Balance? Other, AlertLevel Level, Amount? MoneyValue, AutoRechargeState AutoRecharge,
    BurnDown BurnDown, IReadOnlyList<ServiceUse> ThisMonth, IReadOnlyList<Transaction> Latest, bool HasEntries,
    DateTimeOffset ReadAt)
{
    /// <summary>Credits that expire, the soonest first; they are part of the balance and spent before the rest.</summary>
    public IReadOnlyList<ExpiringGrant> Expiring { get; init; } = [];

    /// <summary>What the last audits said of these books.</summary>
    public required AuditState Proof { get; init; }

    /// <summary>Nothing has ever been bought or used, and nothing is there: not in trouble, but at the beginning.</summary>
    public bool IsNew => !HasEntries && Balance.Posted.IsZero && Balance.Debt.IsZero && Other is null;
}

/// <summary>What one service took.</summary>
/// <param name="Entries">How many entries that is.</param>
public sealed record ServiceUse(string Service, Amount Used, long Entries);

/// <summary>As much of the auto-recharge rule as the balance's reader needs.</summary>
/// <param name="IsOn">Switched on and not paused: it will charge.</param>
/// <param name="IsPaused">Switched on, but nothing is charged until someone sees to it.</param>
public sealed record AutoRechargeState(bool IsOn, bool IsPaused, Amount Threshold);
