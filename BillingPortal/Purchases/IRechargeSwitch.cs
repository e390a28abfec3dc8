namespace BillingPortal.Purchases;

/// <summary>
/// What purchases must know of auto-recharge, which lives above this room and implements it. Switching on is not done here: it follows
/// from <see cref="PurchaseSettled"/>.
/// </summary>
public interface IRechargeSwitch
{
    /// <summary>True while the tenant's rule is enabled, paused or not.</summary>
    Task<bool> IsOnAsync(Guid tenantId, CancellationToken cancellationToken);
}
