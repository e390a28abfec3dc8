using BillingPortal.AutoRecharge;
using BillingPortal.Kernel;

namespace BillingPortal.BalanceImport;

/// <summary>One line of the file in our terms: a tenant as the other system knew it.</summary>
/// <param name="Line">Where it stands in the file, the heading being 1.</param>
/// <param name="Balance">In the unit of the plan; never negative.</param>
/// <param name="Rule">Null: no auto-recharge settings came along.</param>
internal sealed record ImportedBalance(
    int Line, string Slug, string Name, string? Email, string TimeZone, string? StripeCustomer, Amount Balance,
    RechargeChange? Rule)
{
    public Unit Plan => Balance.Unit;

    /// <summary>The same line gives the same text in every run: a repeat is told from a changed line by it.</summary>
    public string Fingerprint => string.Join('|', Slug, Name, Email, TimeZone, StripeCustomer, Balance, Rule);
}

/// <summary>Something wrong with the file, where, and what to do.</summary>
internal sealed record ImportFault(int Line, string Text);
