using BillingPortal.Ledger;

namespace BillingPortal.PhoneNumbers;

/// <summary>What became of one asked rent.</summary>
internal enum RentOutcome
{
    Paid = 1,

    /// <summary>The balance does not cover it.</summary>
    NotCovered,

    /// <summary>The same, but grace days run: the number stays in service and is asked again the next day.</summary>
    InGrace,

    /// <summary>Nobody could judge it: no price, no account. Nothing changes; the run counts it as failed.</summary>
    Failed,
}

/// <summary>An asked rent, its end, and the entry that paid it; null where it costs nothing.</summary>
internal sealed record RentAnswer(RentAsk Ask, RentOutcome Outcome, long? EntrySeq)
{
    /// <summary>Set with <see cref="RentOutcome.InGrace"/>.</summary>
    public DateTimeOffset? GraceUntil { get; init; }

    public static RentAnswer Of(RentAsk ask, PostResult result) => result switch
    {
        { IsPosted: true, Seq: var seq } => new(ask, RentOutcome.Paid, seq == 0 ? null : seq),
        { Outcome: PostOutcome.Insufficient } => new(ask, RentOutcome.NotCovered, null),
        _ => new(ask, RentOutcome.Failed, null),
    };
}

/// <summary>What a run, or one of its batches, did.</summary>
/// <param name="Billed">Periods paid, those that brought a suspended number back included.</param>
/// <param name="Suspended">Numbers taken out of service because their rent was not covered.</param>
/// <param name="Retried">Suspended numbers whose rent was tried again.</param>
/// <param name="Resumed">Those of them that are in service again.</param>
/// <param name="Skipped">Left alone: another transaction had them.</param>
/// <param name="Failed">Could not be judged; the next run tries again.</param>
/// <param name="Kept">Not covered, and in service all the same: their account's grace days run.</param>
public readonly record struct RentCounts(
    int Billed, int Suspended, int Retried, int Resumed, int Skipped, int Failed, int Kept)
{
    public static RentCounts operator +(RentCounts left, RentCounts right) => new(
        left.Billed + right.Billed, left.Suspended + right.Suspended, left.Retried + right.Retried,
        left.Resumed + right.Resumed, left.Skipped + right.Skipped, left.Failed + right.Failed, left.Kept + right.Kept);

    internal static RentCounts Of(IReadOnlyList<RentAnswer> answers) => new(
        answers.Count(answer => answer.Outcome is RentOutcome.Paid),
        answers.Count(answer => answer is { Outcome: RentOutcome.NotCovered, Ask.IsResume: false }),
        answers.Count(answer => answer.Ask.IsResume),
        answers.Count(answer => answer is { Outcome: RentOutcome.Paid, Ask.IsResume: true }),
        Skipped: 0,
        answers.Count(answer => answer.Outcome is RentOutcome.Failed),
        answers.Count(answer => answer.Outcome is RentOutcome.InGrace));
}
