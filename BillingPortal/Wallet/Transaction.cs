using BillingPortal.Kernel;
using BillingPortal.Ledger;

namespace BillingPortal.Wallet;

/// <summary>
/// One entry of the books as people and clients see it: what moved, why, and the balance on both sides of it.
/// </summary>
public sealed record Transaction
{
    public required Unit Unit { get; init; }

    public required long Seq { get; init; }

    public required EntryKind Kind { get; init; }

    public required Amount Amount { get; init; }

    public required Amount BalanceAfter { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }

    public required DateTimeOffset PostedAt { get; init; }

    public string? Service { get; init; }

    /// <summary>The client's own text, for example the call's id.</summary>
    public string? Reference { get; init; }

    public string? Note { get; init; }

    public required string CauseType { get; init; }

    public string? CauseId { get; init; }

    /// <summary>The entry that this one undoes.</summary>
    public long? ReversesSeq { get; init; }

    public string Id => $"{Unit.ToCode()}-{Seq}";

    public Amount BalanceBefore => BalanceAfter - Amount;
}

/// <summary>What a page or export shows of an account's entries. Null and empty mean: all.</summary>
/// <param name="From">First instant, by when things happened.</param>
/// <param name="To">First instant no longer included.</param>
/// <param name="Text">Looked for in reference and note, whatever the case.</param>
public sealed record TransactionFilter(
    Unit Unit, DateTimeOffset? From, DateTimeOffset? To, IReadOnlyList<EntryKind> Kinds, string? Service, string? Text)
{
    public static TransactionFilter All(Unit unit) => new(unit, From: null, To: null, [], Service: null, Text: null);

    /// <summary>The part of this filter that lies in [<paramref name="start"/>, <paramref name="end"/>).</summary>
    public TransactionFilter Within(DateTimeOffset start, DateTimeOffset end) => this with
    {
        From = From > start ? From : start,
        To = To < end ? To : end,
    };

    public bool IsAll => this is { From: null, To: null, Kinds.Count: 0, Service: null, Text: null };
}

/// <summary>One page, newest first.</summary>
/// <param name="Next">Null: there is nothing older.</param>
public sealed record TransactionPage(IReadOnlyList<Transaction> Rows, TransactionCursor? Next);

/// <summary>Sums of everything that a filter lets through.</summary>
/// <param name="Out">What went out, as a positive amount.</param>
/// <param name="IsComplete">False when a text search was too long to be finished: then the sums are of the newest
/// part.</param>
public sealed record TransactionTotals(long Count, Amount In, Amount Out, bool IsComplete)
{
    public Amount Net => In - Out;

    public static TransactionTotals Of(Unit unit, IEnumerable<EntryDay> days) => days.Aggregate(
        new TransactionTotals(0, Amount.Zero(unit), Amount.Zero(unit), IsComplete: true),
        (sum, day) => sum + new TransactionTotals(
            day.Entries, new Amount(day.InE4, unit), new Amount(day.OutE4, unit), IsComplete: true));

    public static TransactionTotals operator +(TransactionTotals left, TransactionTotals right) => new(
        left.Count + right.Count, left.In + right.In, left.Out + right.Out, left.IsComplete && right.IsComplete);
}
