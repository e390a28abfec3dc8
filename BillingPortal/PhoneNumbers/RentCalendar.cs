namespace BillingPortal.PhoneNumbers;

/// <summary>One month of a number, from its first instant to the first instant of the next, UTC.</summary>
public readonly record struct RentPeriod(DateTimeOffset Start, DateTimeOffset End);

/// <summary>
/// When rent falls due: on the anchor's day of each month, or on the last day of a month that is shorter; days are UTC
/// days, so no clock change moves them. Pure.
/// </summary>
public static class RentCalendar
{
    /// <summary>The first instant of the UTC day in which this moment lies.</summary>
    public static DateTimeOffset DayOf(DateTimeOffset moment) => new(moment.UtcDateTime.Date, TimeSpan.Zero);

    /// <summary>The anchor's day in the month after the one of <paramref name="start"/>: 31 → last day, then 31 again.</summary>
    public static DateTimeOffset Next(DateTimeOffset start, int anchorDay)
    {
        var month = new DateOnly(start.UtcDateTime.Year, start.UtcDateTime.Month, 1).AddMonths(1);
        var day = Math.Min(anchorDay, DateTime.DaysInMonth(month.Year, month.Month));
        return new DateTimeOffset(month.Year, month.Month, day, 0, 0, 0, TimeSpan.Zero);
    }

    public static RentPeriod PeriodFrom(DateTimeOffset start, int anchorDay) => new(start, Next(start, anchorDay));

    /// <summary>The period that begins on the day of this moment; that day is its anchor.</summary>
    public static RentPeriod PeriodFromDayOf(DateTimeOffset moment) =>
        PeriodFrom(DayOf(moment), moment.UtcDateTime.Day);

    /// <summary>Periods that have begun by <paramref name="until"/>, oldest first, at most so many.</summary>
    public static IEnumerable<RentPeriod> Begun(DateTimeOffset next, int anchorDay, DateTimeOffset until, int periodsMax)
    {
        for (var period = PeriodFrom(next, anchorDay); period.Start <= until && periodsMax > 0; periodsMax--)
        {
            yield return period;
            period = PeriodFrom(period.End, anchorDay);
        }
    }
}
