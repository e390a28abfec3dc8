using BillingPortal.Cards;
using BillingPortal.Data;
using BillingPortal.Outbox;
using BillingPortal.Purchases;
using Microsoft.EntityFrameworkCore;

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

/// <summary>
/// A card that may work where none did: failures, backoff and pause are over. A card that a purchase under way has saved
/// waits for that purchase, whose credits may make the recharge needless: nobody is to be charged twice for one need.
/// </summary>
internal sealed class RechargeCardHandler(
    Database database, RechargeSettings settings, OutboxWriter outbox, TimeProvider clock) : IOutboxHandler
{
    private static readonly TimeSpan UnderWay = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public string Kind => CardSaved.MessageKind;

    public async Task HandleAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        var saved = message.Read<CardSaved>();
        await using (var unit = await database.BeginAsync(saved.TenantId, cancellationToken))
        {
            var since = clock.GetUtcNow() - UnderWay;
            if (await unit.Db.Set<Purchase>().AnyAsync(
                purchase => purchase.TenantId == saved.TenantId && purchase.SaveCard && purchase.CreatedAt > since
                    && (purchase.State == PurchaseState.Started || purchase.State == PurchaseState.RequiresAction),
                cancellationToken))
            {
                outbox.Enqueue(
                    unit, CardToTry.MessageKind, saved.TenantId, new CardToTry(saved.TenantId),
                    key: $"{saved.CardId}:{saved.PaymentMethodId}", notBefore: clock.GetUtcNow() + Patience);
                await unit.CommitAsync(cancellationToken);
                return;
            }
        }

        await settings.ClearAsync(saved.TenantId, cancellationToken);
    }
}

/// <summary>Outbox: a card was saved by a purchase that was not settled yet; by now it is, or it came to nothing.</summary>
internal sealed record CardToTry(Guid TenantId)
{
    public const string MessageKind = "recharge.card_to_try";
}

/// <summary>Does what was put off.</summary>
internal sealed class CardToTryHandler(RechargeSettings settings) : IOutboxHandler
{
    public string Kind => CardToTry.MessageKind;

    public Task HandleAsync(OutboxMessage message, CancellationToken cancellationToken) =>
        settings.ClearAsync(message.Read<CardToTry>().TenantId, cancellationToken);
}
