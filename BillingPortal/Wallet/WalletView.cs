using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Settlement;

namespace BillingPortal.Wallet;

/// <summary>What the Wallet page shows.</summary>
/// <param name="Usd">The wallet.</param>
/// <param name="Credits">The other account.</param>
/// <param name="AtOnce">Debited in dollars since the first of the month in the tenant's zone, the dearest service first.</param>
public sealed record WalletView(
    Balance Usd, Balance Credits, MonthlyStatus Month, IReadOnlyList<ServiceUse> AtOnce, DateTimeOffset ReadAt)
{
    /// <summary>Held for calls and messages under way: they end within hours.</summary>
    public Amount UnderWay => Usd.Held - Month.Reserved;
}
