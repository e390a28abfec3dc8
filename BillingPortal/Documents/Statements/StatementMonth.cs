using System.Globalization;

namespace BillingPortal.Documents.Statements;

/// <summary>A calendar month in UTC, the one clock that all statements share.</summary>
public readonly record struct StatementMonth(int Year, int Month) : IComparable<StatementMonth>
{
    // Postings that were on their way at midnight have landed by then, and the month's settlement has run.
    private static readonly TimeSpan UntilClosed = TimeSpan.FromHours(3);

    public DateTimeOffset Start => new(Year, Month, 1, 0, 0, 0, TimeSpan.Zero);

    public DateTimeOffset End => Start.AddMonths(1);

    public DateOnly FirstDay => new(Year, Month, 1);

    /// <summary>From then on the month's statement is final.</summary>
    public DateTimeOffset ClosesAt => End + UntilClosed;

    public StatementMonth Next => Of(End);

    public StatementMonth Previous => Of(Start.AddTicks(-1));

    /// <summary><c>November 2026</c></summary>
    public string Name => Start.UtcDateTime.ToString("MMMM yyyy", CultureInfo.InvariantCulture);

    public static StatementMonth Of(DateTimeOffset at) => new(at.UtcDateTime.Year, at.UtcDateTime.Month);

    public static StatementMonth Of(DateOnly day) => new(day.Year, day.Month);

    /// <summary>The youngest month whose statement is final.</summary>
    public static StatementMonth LastClosed(DateTimeOffset now) => Of(now - UntilClosed).Previous;

    /// <summary>Null for anything that is not written like <c>2026-11</c>.</summary>
    public static StatementMonth? Parse(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
        && day.Year is >= 2000 and < 3000
            ? Of(day)
            : null;

    public bool IsClosed(DateTimeOffset now) => now >= ClosesAt;

    public int CompareTo(StatementMonth other) => Start.CompareTo(other.Start);

    /// <summary><c>2026-11</c></summary>
    public override string ToString() => Start.UtcDateTime.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    public static bool operator <(StatementMonth left, StatementMonth right) => left.CompareTo(right) < 0;

    public static bool operator >(StatementMonth left, StatementMonth right) => left.CompareTo(right) > 0;

    public static bool operator <=(StatementMonth left, StatementMonth right) => left.CompareTo(right) <= 0;

    public static bool operator >=(StatementMonth left, StatementMonth right) => left.CompareTo(right) >= 0;
}
