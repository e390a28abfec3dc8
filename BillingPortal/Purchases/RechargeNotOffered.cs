using BillingPortal.Kernel;

namespace BillingPortal.Purchases;

/// <summary>
/// Stands in where the room AutoRecharge is not part of the portal: nothing is on, nothing can be switched on.
/// </summary>
internal sealed class RechargeNotOffered : IRechargeSwitch
{
    public Task<bool> IsOnAsync(Guid tenantId, CancellationToken cancellationToken) => Task.FromResult(false);

    public Task<string> WhatSwitchingOnDoesAsync(
        Guid tenantId, Amount bought, int priceCents, CancellationToken cancellationToken) =>
        Task.FromResult(
            "When the balance runs low, the same is bought again with this card. It can be changed at any time.");
}
