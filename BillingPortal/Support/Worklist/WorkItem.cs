namespace BillingPortal.Support.Worklist;

/// <summary>What may wait for the staff, in the order of the list's filter. The codes stand in its addresses.</summary>
public enum WorkKind
{
    RechargePaused = 1,
    RechargeFailing,
    RechargeWaiting,
    NumberSuspended,
    PaymentStuck,
    PaymentReview,
    BooksDiffer,
    MailBounced,
    WebhookDead,
    MessageDead,
    Approval,
    InvoiceOverdue,
}

/// <summary>One thing that waits. What the letters mean depends on the kind.</summary>
/// <param name="Since">When the trouble began: the list's order.</param>
/// <param name="Tenant">Null where it belongs to none.</param>
/// <param name="Id">Of the row behind it.</param>
public sealed record WorkItem(
    WorkKind Kind, DateTimeOffset Since, Guid? TenantId, string? Tenant, string Id, string A, string? B, long N, DateTimeOffset? Until);

/// <summary>What waits at one moment: how much of each kind, and the oldest of it.</summary>
/// <param name="Counts">Counted up to <see cref="CountMax"/>; one more means "more than that".</param>
public sealed record WorkPage(
    IReadOnlyDictionary<WorkKind, int> Counts, IReadOnlyList<WorkItem> Items, bool HasMore, DateTimeOffset ReadAt)
{
    public const int CountMax = 500;

    public bool IsEmpty => Counts.Values.All(count => count == 0);

    public int Of(WorkKind kind) => Counts.GetValueOrDefault(kind);
}
