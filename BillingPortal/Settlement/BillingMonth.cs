using System.Globalization;
using BillingPortal.Kernel;

namespace BillingPortal.Settlement;

/// <summary>A calendar month in UTC, whatever zone a tenant lives in: the time for which usage is settled as one. Pure.</summary>
public readonly record struct BillingMonth(DateOnly First) : IComparable<BillingMonth>
{
    /// <summary>Contract: settled on the 1st of the next month at 02:00 UTC; until then late reports still belong to it.</summary>
    private static readonly TimeOnly SettledAt = new(2, 0);

    public string Code => First.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    public string Name => First.ToString("MMMM yyyy", CultureInfo.InvariantCulture);

    public BillingMonth Next => new(First.AddMonths(1));

    /// <summary>The moment from which it is settled and takes no more usage.</summary>
    public DateTimeOffset SettlesAt => new(First.AddMonths(1).ToDateTime(SettledAt), TimeSpan.Zero);

    public static BillingMonth Of(DateTimeOffset at)
    {
        var day = DateOnly.FromDateTime(at.UtcDateTime);
        return new BillingMonth(new DateOnly(day.Year, day.Month, 1));
    }

    /// <summary>Null for anything that is not like 2026-11.</summary>
    public static BillingMonth? TryParse(string? code) =>
        DateOnly.TryParseExact(code, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var first)
        && first.Year is >= 2000 and < 3000
            ? new BillingMonth(first)
            : null;

    /// <exception cref="FormatException">Not like 2026-11.</exception>
    public static BillingMonth Parse(string code) =>
        new(DateOnly.ParseExact(code + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture));

    /// <summary>The earliest month that is not settled yet: before the 1st, 02:00, still the last one.</summary>
    public static BillingMonth FirstOpen(DateTimeOffset now) => Of(now - SettledAt.ToTimeSpan());

    /// <summary>With which month usage is settled: its own, or the first open one when its own is over.</summary>
    public static BillingMonth For(DateTimeOffset occurredAt, DateTimeOffset now)
    {
        var (own, first, last) = (Of(occurredAt), FirstOpen(now), Of(now).Next);
        return own < first ? first : own > last ? last : own;
    }

    /// <summary>The one reservation of a tenant and month.</summary>
    public Guid HoldIdOf(Guid tenantId) => Ids.FromName("month", tenantId.ToString(), Code);

    public int CompareTo(BillingMonth other) => First.CompareTo(other.First);

    public static bool operator <(BillingMonth left, BillingMonth right) => left.CompareTo(right) < 0;

    public static bool operator >(BillingMonth left, BillingMonth right) => left.CompareTo(right) > 0;

    public static bool operator <=(BillingMonth left, BillingMonth right) => left.CompareTo(right) <= 0;

    public static bool operator >=(BillingMonth left, BillingMonth right) => left.CompareTo(right) >= 0;

    public override string ToString() => Code;
}
