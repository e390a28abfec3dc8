using BillingPortal.Kernel;

namespace BillingPortal.AutoRecharge;

/// <summary>
/// One off-session charge: one PaymentIntent, its cards tried in order. Holds at every commit: at most one open attempt
/// per tenant; whatever the provider is about to be asked stands here first, so that the same question can be put
/// again.
/// </summary>
public sealed class RechargeAttempt
{
    /// <summary>Also the purchase's id, the idempotency key of the charge, and in the intent's metadata.</summary>
    public Guid Id { get; init; }

    public Guid TenantId { get; init; }

    public RechargeTrigger Trigger { get; init; }

    public AttemptState State { get; set; }

    public Unit Unit { get; init; }

    public long AmountE4 { get; init; }

    public long BonusE4 { get; init; }

    public long PriceCents { get; init; }

    public string Description { get; init; } = "";

    /// <summary>Stripe's customer as it was when the attempt was recorded: a repeated call must say the same.</summary>
    public string CustomerId { get; init; } = "";

    /// <summary>Payment methods in the order of trying, fixed when the attempt was recorded.</summary>
    public string[] Cards { get; init; } = [];

    /// <summary>The invoice that was issued instead of a charge: the attempt has succeeded with it, no card was asked.</summary>
    public Guid? InvoiceId { get; init; }

    /// <summary>The card being asked, or asked last.</summary>
    public int CardIndex { get; set; }

    /// <summary>Whether any card was ever asked. Set, and committed, before the first call.</summary>
    public bool ReachedCard { get; set; }

    public string? PaymentIntentId { get; set; }

    /// <summary>Of the last card that refused: Stripe's decline code, else its error code.</summary>
    public string? DeclineCode { get; set; }

    /// <summary>The card that refused last.</summary>
    public string? DeclinedCard { get; set; }

    /// <summary>
    /// Until when the cardholder may finish 3-D Secure; set with <see cref="AttemptState.RequiresAction"/>.
    /// </summary>
    public DateTimeOffset? LinkExpiresAt { get; set; }

    /// <summary>On the tenant's clock (the sandbox can move it): cooldown, limits, what people see.</summary>
    public DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>
    /// When the provider was asked first, on the machine's clock: how long the idempotency key is good for.
    /// </summary>
    public DateTimeOffset? AskedAt { get; set; }

    /// <summary>On the machine's clock: whoever works on the attempt holds it until then.</summary>
    public DateTimeOffset LeasedUntil { get; set; }

    /// <summary>A refused intent is still to be cancelled at Stripe, so that nobody can pay it later.</summary>
    public bool IsCancelDue { get; set; }

    public Amount Amount => new(AmountE4, Unit);

    public Amount Bonus => new(BonusE4, Unit);

    public string Card => Cards[CardIndex];

    /// <summary>The first call creates the intent; each further card confirms it under a key of its own.</summary>
    public string IdempotencyKey => CardIndex == 0 ? $"{Id}" : $"{Id}:{CardIndex}";

    public PastAttempt ToPast() => new(State, StartedAt, PriceCents, ReachedCard);
}
