using BillingPortal.Kernel;

namespace BillingPortal.Purchases;

/// <summary>
/// What purchases must know of auto-recharge, which lives above this room and implements it. Switching on is not done
/// here: it follows from <see cref="PurchaseSettled"/>.
/// </summary>
public interface IRechargeSwitch
{
    /// <summary>True while the tenant's rule is enabled, paused or not.</summary>
    Task<bool> IsOnAsync(Guid tenantId, CancellationToken cancellationToken);

    /// <summary>
    /// What ticking "switch auto-recharge on" with this purchase will do, in figures, as a sentence for the buyer
    /// before paying.
    /// </summary>
    Task<string> WhatSwitchingOnDoesAsync(
        Guid tenantId, Amount bought, int priceCents, CancellationToken cancellationToken);
}
