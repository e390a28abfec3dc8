using BillingPortal.Cards;
using BillingPortal.Outbox;
using BillingPortal.Purchases;

namespace BillingPortal.AutoRecharge;

/// <summary>
/// A payment became credits. Auto-recharge's own: its attempt has succeeded, whoever reported it. Anybody else's:
/// troubles are over, and the buyer may have switched auto-recharge on with it.
/// </summary>
internal sealed class RechargePurchaseHandler(RechargeOutcomes outcomes, RechargeSettings settings) : IOutboxHandler
{
    public string Kind => PurchaseSettled.MessageKind;

    public async Task HandleAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        var purchase = message.Read<PurchaseSettled>();
        if (purchase.Kind is PurchaseKind.AutoRecharge)
        {
            await outcomes.SucceedAsync(purchase.TenantId, purchase.PurchaseId, cancellationToken);
            return;
        }

        if (purchase.EnableAutoRecharge)
        {
            await settings.SwitchOnAsync(purchase, cancellationToken);
        }

        await settings.PaidAsync(purchase.TenantId, cancellationToken);
    }
}

/// <summary>A card that may work where none did: failures, backoff and pause are over.</summary>
internal sealed class RechargeCardHandler(RechargeSettings settings) : IOutboxHandler
{
    public string Kind => CardSaved.MessageKind;

    public Task HandleAsync(OutboxMessage message, CancellationToken cancellationToken) =>
        settings.ClearAsync(message.Read<CardSaved>().TenantId, cancellationToken);
}
