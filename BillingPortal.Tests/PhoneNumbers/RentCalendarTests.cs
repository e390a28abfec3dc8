using BillingPortal.PhoneNumbers;

namespace BillingPortal.Tests.PhoneNumbers;

/// <summary>Month by month: anchors at the end of months, leap years, whole UTC days.</summary>
public sealed class RentCalendarTests
{
    [Theory]
    [InlineData("2026-01-31", 31, "2026-02-28", "2026-03-31", "2026-04-30")]
    [InlineData("2026-01-30", 30, "2026-02-28", "2026-03-30", "2026-04-30")]
    [InlineData("2026-01-29", 29, "2026-02-28", "2026-03-29", "2026-04-29")]
    [InlineData("2026-01-28", 28, "2026-02-28", "2026-03-28", "2026-04-28")]
    [InlineData("2028-01-31", 31, "2028-02-29", "2028-03-31", "2028-04-30")]
    [InlineData("2028-01-29", 29, "2028-02-29", "2028-03-29", "2028-04-29")]
    [InlineData("2028-02-29", 29, "2028-03-29", "2028-04-29", "2028-05-29")]
    [InlineData("2026-11-30", 30, "2026-12-30", "2027-01-30", "2027-02-28")]
    [InlineData("2026-12-15", 15, "2027-01-15", "2027-02-15", "2027-03-15")]
    public void Rent_falls_due_on_the_anchor_or_on_the_months_last_day(
        string start, int anchor, string second, string third, string fourth)
    {
        var first = RentCalendar.PeriodFrom(Day(start), anchor);
        var next = RentCalendar.PeriodFrom(first.End, anchor);

        Assert.Equal(
            [Day(second), Day(third), Day(fourth)], [first.End, next.End, RentCalendar.Next(next.End, anchor)]);
    }

    // Four years with the leap February of 2028: one period a month, on the anchor or the last day.
    [Theory]
    [InlineData(28)]
    [InlineData(29)]
    [InlineData(30)]
    [InlineData(31)]
    public void Twelve_months_are_twelve_periods_without_gap_or_overlap(int anchor)
    {
        var start = RentCalendar.Next(Day("2027-12-05"), anchor);

        var periods = RentCalendar.Begun(start, anchor, Day("2032-01-01").AddDays(-1), 1000).ToList();

        Assert.Equal(48, periods.Count);
        Assert.All(periods, period => Assert.InRange((period.End - period.Start).TotalDays, 28, 31));
        Assert.All(periods, period => Assert.Equal(
            Math.Min(anchor, DateTime.DaysInMonth(period.Start.Year, period.Start.Month)), period.Start.Day));
        Assert.All(periods.Zip(periods.Skip(1)), pair => Assert.Equal(pair.First.End, pair.Second.Start));
    }

    // A number bought at 23:59 in UTC pays from that UTC day on, whatever the buyer's own calendar says.
    [Fact]
    public void A_period_begins_with_the_UTC_day()
    {
        var moment = new DateTimeOffset(2026, 3, 29, 1, 59, 0, TimeSpan.FromHours(2));

        var period = RentCalendar.PeriodFromDayOf(moment);

        Assert.Equal((Day("2026-03-28"), Day("2026-04-28")), (period.Start, period.End));
        Assert.Equal(TimeSpan.Zero, period.Start.Offset);
    }

    [Fact]
    public void Missed_periods_come_oldest_first_and_bounded()
    {
        var missed = RentCalendar.Begun(Day("2026-01-31"), 31, Day("2026-06-30"), 3).ToList();

        Assert.Equal([Day("2026-01-31"), Day("2026-02-28"), Day("2026-03-31")], missed.Select(period => period.Start));
        Assert.Equal(6, RentCalendar.Begun(Day("2026-01-31"), 31, Day("2026-06-30"), 100).Count());
        Assert.Empty(RentCalendar.Begun(Day("2026-07-01"), 1, Day("2026-06-30"), 100));
    }

    private static DateTimeOffset Day(string date) =>
        new(DateOnly.ParseExact(date, "yyyy-MM-dd"), TimeOnly.MinValue, TimeSpan.Zero);
}
