using BillingPortal.Kernel;

namespace BillingPortal.Purchases;

/// <summary>
/// What auto-recharge is about to buy; recorded before Stripe is asked. The purchase takes the attempt's id and name.
/// </summary>
public sealed record RechargePurchase(
    Guid AttemptId, Guid TenantId, Amount Credits, Amount Bonus, int PriceCents, string? PackageCode,
    string PaymentMethodId);
