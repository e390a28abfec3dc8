using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Wallet;

namespace BillingPortal.Tests.Wallet;

public sealed class TransactionQueryTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Fact]
    public void Days_are_whole_days_of_the_tenant()
    {
        var filter = Judge(new TransactionQuery { From = "2026-11-01", To = "2026-11-02" }).Filter;

        Assert.Equal(new DateTimeOffset(2026, 10, 31, 23, 0, 0, TimeSpan.Zero), filter.From);
        Assert.Equal(new DateTimeOffset(2026, 11, 2, 23, 0, 0, TimeSpan.Zero), filter.To);
    }

    [Fact]
    public void Instants_are_taken_as_they_are()
    {
        var filter = Judge(new TransactionQuery
        {
            From = "2026-11-01T08:00:00+01:00",
            To = "2026-11-01T09:30:00Z"
        }).Filter;

        Assert.Equal(new DateTimeOffset(2026, 11, 1, 7, 0, 0, TimeSpan.Zero), filter.From);
        Assert.Equal(new DateTimeOffset(2026, 11, 1, 9, 30, 0, TimeSpan.Zero), filter.To);
    }

    [Fact]
    public void Empty_values_ask_for_nothing()
    {
        var empty = new TransactionQuery
        {
            Unit = "",
            From = " ",
            To = "",
            Kind = "",
            Service = "",
            Reference = "",
            Cursor = "",
            Limit = ""
        };

        Assert.True(Judge(empty).Filter.IsAll);
        Assert.Equal(TransactionQuery.LimitDefault, Judge(empty).Limit);
    }

    [Fact]
    public void Several_kinds_may_be_asked_for() => Assert.Equal(
        [EntryKind.HoldCapture, EntryKind.Bonus], Judge(new TransactionQuery { Kind = "hold_capture, bonus,bonus" }).Filter.Kinds);

    [Theory]
    [InlineData("unit", "points", "invalid_unit")]
    [InlineData("from", "yesterday", "invalid_period")]
    [InlineData("from", "2026-02-30", "invalid_period")]
    [InlineData("from", "0001-01-01", "invalid_period")]
    [InlineData("to", "9999-12-31", "invalid_period")]
    [InlineData("kind", "usage,gift", "invalid_kind")]
    [InlineData("kind", "Usage", "invalid_kind")]
    [InlineData("service", "telegram", "invalid_service")]
    [InlineData("cursor", "xyz", "invalid_cursor")]
    [InlineData("cursor", "MTp1c2Q6NQ", "invalid_cursor")] // a cursor of the other account: 1:usd:5
    [InlineData("limit", "0", "invalid_limit")]
    [InlineData("limit", "201", "invalid_limit")]
    [InlineData("limit", "-1", "invalid_limit")]
    [InlineData("limit", "ten", "invalid_limit")]
    public void A_wrong_value_is_refused_by_name(string name, string value, string code)
    {
        var query = name switch
        {
            "unit" => new TransactionQuery { Unit = value },
            "from" => new TransactionQuery { From = value },
            "to" => new TransactionQuery { To = value },
            "kind" => new TransactionQuery { Kind = value },
            "service" => new TransactionQuery { Service = value },
            "cursor" => new TransactionQuery { Cursor = value },
            _ => new TransactionQuery { Limit = value },
        };

        Assert.Equal(code, Judge(query).Refusal?.Code);
    }

    [Fact]
    public void A_period_that_ends_before_it_begins_is_refused() => Assert.Equal(
        "invalid_period", Judge(new TransactionQuery { From = "2026-11-02", To = "2026-11-01" }).Refusal?.Code);

    [Fact]
    public void A_reference_as_long_as_a_letter_is_refused() => Assert.Equal(
        "invalid_reference", Judge(new TransactionQuery { Reference = new string('x', 101) }).Refusal?.Code);

    private static TransactionRequest Judge(TransactionQuery query) => query.Judge(Unit.Credits, Berlin);
}
