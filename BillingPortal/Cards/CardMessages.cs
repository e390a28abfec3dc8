namespace BillingPortal.Cards;

/// <summary>
/// Told through the outbox: a tenant has a card that may now work where none did. Delivered at least once.
/// </summary>
public sealed record CardSaved(Guid TenantId, Guid CardId, string PaymentMethodId)
{
    public const string MessageKind = "card.saved";
}

/// <summary>Told through the outbox: a card is gone, and how many are left. Delivered at least once.</summary>
public sealed record CardRemoved(Guid TenantId, Guid CardId, string PaymentMethodId, int CardsLeft)
{
    public const string MessageKind = "card.removed";
}

/// <summary>
/// To do, by the outbox: take a payment method off its customer because a younger one for the same card replaced it.
/// </summary>
public sealed record CardSuperseded(Guid TenantId, string PaymentMethodId)
{
    public const string MessageKind = "card.superseded";
}

/// <summary>
/// To do, by the outbox: save the card of a payment that asked for it, because Stripe could not be read at the time.
/// </summary>
public sealed record CardToSave(Guid TenantId, string PaymentMethodId)
{
    public const string MessageKind = "card.save";
}
