using BillingPortal.Kernel;

namespace BillingPortal.Pricing;

/// <summary>
/// Told through the outbox with the change's commit, once every process knows of it: rent that falls due may cost something else
/// now. Of every tenant of the plan, or of one.
/// </summary>
public sealed record RentPriceChanged(Unit Plan, Guid? TenantId)
{
    /// <summary>The outbox message's kind.</summary>
    public const string MessageKind = "price.rent_changed";
}
