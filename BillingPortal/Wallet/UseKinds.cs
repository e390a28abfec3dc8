using BillingPortal.Kernel;
using BillingPortal.Ledger;

namespace BillingPortal.Wallet;

/// <summary>
/// Tells use (what services cost, less what was given back for them) from money that came in or was taken back.
/// </summary>
public static class UseKinds
{
    /// <summary>True for debits of a service and for credits that give one back.</summary>
    public static bool IsUse(EntryKind kind, string service) => kind switch
    {
        EntryKind.Usage or EntryKind.HoldCapture or EntryKind.Rent or EntryKind.SetUp or EntryKind.Settlement => true,
        EntryKind.Refund or EntryKind.Correction => service.Length > 0,
        EntryKind.Purchase or EntryKind.Invoice or EntryKind.Bonus or EntryKind.Dispute or EntryKind.DebtRepayment or EntryKind.Adjustment
            or EntryKind.Expiry => false,
    };

    /// <summary>The service that a day's sum belongs to, for stacking.</summary>
    public static string ServiceOf(EntryDay day) => day.Service.Length > 0 ? day.Service : ServiceNames.Other;

    public static Amount Used(EntryDay day) => new(day.OutE4 - day.InE4, day.Unit);
}
