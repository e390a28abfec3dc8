using System.Globalization;
using BillingPortal.Settlement;

namespace BillingPortal.Tests.Settlement;

/// <summary>With which month usage is settled: months are UTC, and end for good at 02:00 on the 1st.</summary>
public sealed class BillingMonthTests
{
    [Theory]
    [InlineData("2026-11-20T09:00:00Z", "2026-11-20T09:00:01Z", "2026-11")]
    [InlineData("2026-11-30T23:59:59.999Z", "2026-12-01T00:30:00Z", "2026-11")] // late by half an hour, still open
    [InlineData("2026-11-30T23:59:59Z", "2026-12-01T01:59:59.999Z", "2026-11")]
    [InlineData("2026-11-30T23:59:59Z", "2026-12-01T02:00:00Z", "2026-12")] // settled: with the next
    [InlineData("2026-12-01T00:00:00Z", "2026-12-01T00:30:00Z", "2026-12")]
    [InlineData("2026-08-03T12:00:00Z", "2026-11-20T12:00:00Z", "2026-11")]
    [InlineData("2026-08-03T12:00:00Z", "2026-12-01T01:00:00Z", "2026-11")] // very late, in the hours before the settlement
    [InlineData("2026-12-01T00:00:03Z", "2026-11-30T23:59:59Z", "2026-12")] // the source's clock is ahead
    [InlineData("2027-06-01T00:00:00Z", "2026-11-20T12:00:00Z", "2026-12")]
    [InlineData("2026-12-01T00:30:00+01:00", "2026-11-30T23:30:00Z", "2026-11")] // December in Berlin, November in UTC
    [InlineData("2026-11-30T20:00:00-05:00", "2026-12-01T01:00:00Z", "2026-12")] // November in New York, December in UTC
    [InlineData("2028-02-29T23:00:00Z", "2028-03-01T01:00:00Z", "2028-02")]
    [InlineData("2026-12-31T23:59:59Z", "2027-01-01T01:00:00Z", "2026-12")]
    [InlineData("2026-12-31T23:59:59Z", "2027-01-01T02:00:00Z", "2027-01")]
    public void Usage_belongs_to_its_utc_month_until_that_is_settled(string occurredAt, string now, string month) =>
        Assert.Equal(month, BillingMonth.For(At(occurredAt), At(now)).Code);

    [Theory]
    [InlineData("2026-11", "2026-12-01T02:00:00Z", "November 2026")]
    [InlineData("2026-12", "2027-01-01T02:00:00Z", "December 2026")]
    [InlineData("2028-02", "2028-03-01T02:00:00Z", "February 2028")]
    public void A_month_is_settled_at_two_on_the_first_of_the_next(string code, string settlesAt, string name)
    {
        var month = BillingMonth.Parse(code);

        Assert.Equal((At(settlesAt), name, code), (month.SettlesAt, month.Name, month.Code));
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
