using BillingPortal.Outbox;

namespace BillingPortal.Cards;

/// <summary>Saves the card of a payment that asked for it, when Stripe could not be read at the settlement.</summary>
internal sealed class CardToSaveHandler(CardService cards) : IOutboxHandler
{
    public string Kind => CardToSave.MessageKind;

    public async Task HandleAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        var card = message.Read<CardToSave>();
        await cards.SaveAsync(card.PaymentMethodId, card.TenantId, cancellationToken);
    }
}

/// <summary>Takes the older of two payment methods for one card off its customer.</summary>
internal sealed class CardSupersededHandler(CardService cards) : IOutboxHandler
{
    public string Kind => CardSuperseded.MessageKind;

    public Task HandleAsync(OutboxMessage message, CancellationToken cancellationToken) =>
        cards.DetachAsync(message.Read<CardSuperseded>().PaymentMethodId, cancellationToken);
}
