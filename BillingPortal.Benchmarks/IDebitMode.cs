namespace BillingPortal.Benchmarks;

/// <summary>One way to debit a tenant by one, durably.</summary>
internal interface IDebitMode : IAsyncDisposable
{
    string Name { get; }

    /// <summary>More than one only for the floor, which has no callers to answer.</summary>
    int DebitsPerCall => 1;

    /// <summary>How many of the callers make sense for this mode.</summary>
    int CallersFor(int callers) => callers;

    /// <summary>Debits per commit since the last time this was asked.</summary>
    double TakeBatchSize() => DebitsPerCall;

    Task DebitAsync(int caller, Guid tenantId);
}
