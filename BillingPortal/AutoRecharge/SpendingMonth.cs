namespace BillingPortal.AutoRecharge;

/// <summary>A calendar month in UTC, the span of the spending limit.</summary>
public readonly record struct SpendingMonth(DateTimeOffset Start, DateTimeOffset End)
{
    public static SpendingMonth Of(DateTimeOffset now)
    {
        var start = new DateTimeOffset(now.UtcDateTime.Year, now.UtcDateTime.Month, 1, 0, 0, 0, TimeSpan.Zero);
        return new SpendingMonth(start, start.AddMonths(1));
    }

    /// <summary>
    /// Charged in this month or still able to be: an open attempt counts whenever it began. Refunds do not give
    /// anything back.
    /// </summary>
    public long SpentCents(IEnumerable<PastAttempt> attempts)
    {
        var (start, end) = this;
        return attempts
            .Where(attempt => attempt.State.IsOpen()
                || (attempt.State.CountsAsSpent() && attempt.StartedAt >= start && attempt.StartedAt < end))
            .Sum(attempt => attempt.PriceCents);
    }
}
