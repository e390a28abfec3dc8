using BillingPortal.Kernel;

namespace BillingPortal.PhoneNumbers;

/// <summary>One paid period of a number. Written in the transaction that debits it; the key makes it once per period.</summary>
public sealed class NumberRent
{
    public required Guid NumberId { get; init; }

    /// <summary>First instant of the period, UTC.</summary>
    public required DateTimeOffset PeriodStart { get; init; }

    public required Guid TenantId { get; init; }

    /// <summary>First instant of the next period, UTC.</summary>
    public required DateTimeOffset PeriodEnd { get; init; }

    public required Unit Unit { get; init; }

    /// <summary>What was debited; 0 for the first month, which the set-up fee covers, and where rent costs nothing.</summary>
    public required long AmountE4 { get; init; }

    /// <summary>The entry's number in the account; null where nothing was debited.</summary>
    public long? EntrySeq { get; set; }

    public required DateTimeOffset PaidAt { get; init; }
}
