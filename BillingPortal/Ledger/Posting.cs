using BillingPortal.Kernel;

namespace BillingPortal.Ledger;

/// <summary>One request to the ledger. It changes nothing until <see cref="LedgerWriter"/> posts it.</summary>
public sealed record Posting
{
    public required Guid TenantId { get; init; }

    public required LedgerOperation Operation { get; init; }

    /// <summary>
    /// Greater than zero, in the unit of the account. A release or settlement ends its whole hold and looks at the unit
    /// only.
    /// </summary>
    public required Amount Amount { get; init; }

    public required EntryKind Kind { get; init; }

    public required CounterAccount Counter { get; init; }

    /// <summary>Idempotency key, one per tenant and effect. For a client's own text: <see cref="Ids.FromName"/>.</summary>
    public required Guid Key { get; init; }

    /// <summary>What made this happen, for example <c>usage_event</c> or <c>purchase</c>.</summary>
    public required string CauseType { get; init; }

    public string? CauseId { get; init; }

    /// <summary>When it happened at the source; the ledger adds when it was posted.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>The client's own text. A hold is also found by it, once per tenant and service.</summary>
    public string? Reference { get; init; }

    /// <summary>A sentence for people; the description of the entry in lists and exports.</summary>
    public string? Note { get; init; }

    public string? Service { get; init; }

    /// <summary>The hold that a capture, release or settlement ends, or that is added to.</summary>
    public Guid? HoldId { get; init; }

    /// <summary>What the use itself had reserved before it becomes part of a reservation; null when it had not.</summary>
    public Guid? FromHoldId { get; init; }

    /// <summary>
    /// When a new hold ends by itself; null for never. For an extension the new end, if it is later; null for as before.
    /// </summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The entry of the same account that a correction undoes.</summary>
    public long? ReversesSeq { get; init; }
}

/// <summary>What the ledger answered. Figures are those right after the posting.</summary>
/// <param name="Differs">A duplicate whose content is not that of the first posting under the key.</param>
/// <param name="Balance">After the posting; for a duplicate after the first one.</param>
/// <param name="Available">Balance − held after the posting; for a duplicate of an entry, now.</param>
/// <param name="Debt">After the posting; for a duplicate, now.</param>
/// <param name="Seq">Number of the entry in its account; 0 when the operation wrote none (a hold, a release).</param>
/// <param name="HoldId">The hold that was made or ended.</param>
/// <param name="Posted">What was added to or taken from the balance; for a hold or its
/// extension what was reserved, for a release what was set free.</param>
public sealed record PostResult(
    PostOutcome Outcome, bool Differs, Amount Balance, Amount Available, Amount Debt, long Seq, Guid? HoldId, Amount Posted)
{
    /// <summary>True when the posting stands in the books, now or since its first try.</summary>
    public bool IsPosted => Outcome is PostOutcome.Posted or PostOutcome.Duplicate;

    /// <summary>The public spelling of the entry's identity, for example <c>credits-17</c>; null without an entry.</summary>
    public string? EntryId => Seq == 0 ? null : $"{Balance.Unit.ToCode()}-{Seq}";
}
