using BillingPortal.Kernel;

namespace BillingPortal.Support;

/// <summary>What staff does to a tenant's money.</summary>
public enum StaffActionKind
{
    /// <summary>Money of a payment goes back to its card.</summary>
    Refund = 1,

    /// <summary>Credits or funds are given or taken; no money moves.</summary>
    Adjustment,
}

/// <summary>
/// <c>awaiting_approval → executing → done | failed</c>, or at once <c>executing</c>; <c>awaiting_approval → refused |
/// withdrawn</c>.
/// </summary>
public enum StaffActionState
{
    AwaitingApproval = 1,

    /// <summary>With Stripe, or its answer is missing: asked again under the same key, never a second refund.</summary>
    Executing,
    Done,

    /// <summary>By a second person, or because nobody decided in time.</summary>
    Refused,

    /// <summary>By the person who had asked for it.</summary>
    Withdrawn,

    /// <summary>Stripe refused; nothing moved.</summary>
    Failed,
}

/// <summary>
/// One refund or adjustment by staff, from the request to its end. Holds at every commit: one row per attempt key; one
/// open refund per payment; nobody decides about a request of their own.
/// </summary>
public sealed class StaffAction
{
    public required Guid Id { get; init; }

    public required Guid TenantId { get; init; }

    public required StaffActionKind Kind { get; init; }

    public required StaffActionState State { get; set; }

    /// <summary>Made by the page before the first click.</summary>
    public required string AttemptKey { get; init; }

    public required Unit Unit { get; init; }

    /// <summary>What the account gets, or loses where negative; of a refund as reckoned before it was made.</summary>
    public required long AmountE4 { get; set; }

    /// <summary>What of it was not there to be taken and would become debt, as reckoned before it was made.</summary>
    public required long DebtE4 { get; set; }

    /// <summary>What it counts for against the limits, US cents.</summary>
    public required long ValueCents { get; init; }

    public Guid? PurchaseId { get; init; }

    public string? PaymentIntentId { get; init; }

    /// <summary>What goes back to the card; null for adjustments.</summary>
    public int? RefundCents { get; init; }

    /// <summary>When given credits end; null for never.</summary>
    public DateTimeOffset? CreditsExpireAt { get; init; }

    public required StaffReason Reason { get; init; }

    /// <summary>The tenant reads it: in the mail and on the entry.</summary>
    public required string TenantNote { get; init; }

    /// <summary>Staff alone reads it.</summary>
    public string? InternalNote { get; init; }

    public required Guid RequestedBy { get; init; }

    public required string RequestedByName { get; init; }

    public required DateTimeOffset RequestedAt { get; init; }

    public required bool IsAboveLimit { get; init; }

    public required bool IsAboveDay { get; init; }

    public required bool LeavesDebt { get; init; }

    public Guid? DecidedBy { get; set; }

    public string? DecidedByName { get; set; }

    public DateTimeOffset? DecidedAt { get; set; }

    public string? DecisionNote { get; set; }

    /// <summary>When it first could have reached Stripe: the age of its key counts from here.</summary>
    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>How often Stripe was asked.</summary>
    public int Asks { get; set; }

    /// <summary>On the database's clock, which all processes share.</summary>
    public DateTimeOffset? LeasedUntil { get; set; }

    /// <summary>Stripe's id.</summary>
    public string? RefundId { get; set; }

    /// <summary>The entry of an adjustment.</summary>
    public long? EntrySeq { get; set; }

    public string? FailureCode { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    public Amount Amount => new(AmountE4, Unit);

    public Amount Debt => new(DebtE4, Unit);

    public bool NeedsApproval => IsAboveLimit || IsAboveDay || LeavesDebt;

    /// <summary>The reason and the note, as the tenant reads them.</summary>
    public string Said => $"{Reason.ToText()}: {TenantNote}";
}
