namespace BillingPortal.Cards;

/// <summary>
/// The tenant's customer at Stripe. The row, with the key and the exact words of the call, is committed before Stripe
/// is asked, so that a crash in between repeats the same call and never makes a second customer.
/// </summary>
public sealed class StripeCustomer
{
    public Guid TenantId { get; init; }

    /// <summary>Null until Stripe has answered.</summary>
    public string? CustomerId { get; set; }

    public Guid IdempotencyKey { get; init; }

    public string Name { get; init; } = "";

    public string? Email { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}
