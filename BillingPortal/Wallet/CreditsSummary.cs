namespace BillingPortal.Wallet;

/// <summary>The answer of <c>GET /api/credits</c>, to the letter: scripts rely on it.</summary>
/// <param name="Unit"><c>credits</c> or <c>usd</c>, the unit of the tenant's plan.</param>
/// <param name="AlertLevel"><c>good</c>, <c>low</c>, <c>warning</c> or <c>critical</c>.</param>
public sealed record CreditsSummary(
    decimal Balance, decimal Held, decimal Available, decimal Debt, string Unit, string AlertLevel,
    CreditsSummary.Recharge AutoRecharge)
{
    /// <summary>Enabled only while it would charge: not when it is paused.</summary>
    public sealed record Recharge(bool Enabled, decimal Threshold);
}
