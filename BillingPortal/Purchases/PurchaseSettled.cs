using BillingPortal.Kernel;

namespace BillingPortal.Purchases;

/// <summary>
/// Told through the outbox, with the settlement's commit: a payment became credits. Delivered at least once.
/// </summary>
public sealed record PurchaseSettled(
    Guid PurchaseId,
    Guid TenantId,
    PurchaseKind Kind,
    Unit Unit,
    long CreditsE4,
    long BonusE4,
    int PriceCents,
    string? PaymentMethodId,
    bool EnableAutoRecharge)
{
    /// <summary>The outbox message's kind.</summary>
    public const string MessageKind = "purchase.settled";

    internal static PurchaseSettled Of(Purchase purchase) => new(
        purchase.Id, purchase.TenantId, purchase.Kind, purchase.Unit, purchase.CreditsE4, purchase.BonusE4,
        purchase.PriceCents,
        purchase.PaymentMethodId, purchase.EnableAutoRecharge);
}
