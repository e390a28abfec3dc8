using BillingPortal.Kernel;
using BillingPortal.Pricing;
using BillingPortal.Pricing.Editor;

namespace BillingPortal.Tests.Pricing.Editor;

/// <summary>Which changes of a price make sense. No database.</summary>
public sealed class PriceChangePolicyTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 30, TimeSpan.Zero);
    private static readonly DateTimeOffset Soonest = new(2026, 11, 20, 12, 1, 0, TimeSpan.Zero);
    private static readonly PriceKey Sms = new(Unit.Credits, ServiceCodes.SmsOutbound);
    private static readonly PriceKey Calls = new(Unit.Usd, ServiceCodes.Voice);

    [Fact]
    public void A_change_becomes_a_row_from_its_moment_on()
    {
        var row = Judge(new PriceChange { Key = Sms, Rate = 6.5m, From = Now.AddDays(1) }).Row!;

        Assert.IsType<Price>(row);
        Assert.Equal((0L, 65_000L, true, Now.AddDays(1)), (row.BaseE4, row.RateE4, row.IsOffered, row.ValidFrom));
        Assert.Equal("6.5 credits per message", PriceText.Of(row));
    }

    [Fact]
    public void Without_a_moment_it_holds_as_soon_as_every_process_knows() =>
        Assert.Equal(Soonest, Judge(new PriceChange { Key = Sms, Rate = 6 }).Row!.ValidFrom);

    [Fact]
    public void A_call_may_cost_a_connection_and_started_minutes()
    {
        var row = Judge(new PriceChange { Key = Calls, Base = 0.15m, Rate = 0.0625m, PerStarted = true }).Row!;

        Assert.Equal("$0.15 + $0.0625 per started minute", PriceText.Of(row));
    }

    [Fact]
    public void What_is_withdrawn_has_no_figures()
    {
        var row = Judge(new PriceChange { Key = Calls, IsOffered = false, Base = 1, Rate = 2, PerStarted = true }).Row!;

        Assert.Equal((false, 0L, 0L, false), (row.IsOffered, row.BaseE4, row.RateE4, row.PerStarted));
        Assert.Equal("Not offered", PriceText.Of(row));
    }

    public static TheoryData<string, PriceChange> Nonsense => new()
    {
        { "Enter the price per message", new() { Key = Sms } },
        { "must not be below 0", new() { Key = Sms, Rate = -1 } },
        { "must not be above 1,000,000", new() { Key = Sms, Rate = 1_000_000.5m } },
        { "at most four places", new() { Key = Sms, Rate = 0.00001m } },
        { "connection fee must not be below 0", new() { Key = Calls, Base = -0.1m, Rate = 1 } },
        { "Only calls have a connection fee", new() { Key = Sms, Base = 1, Rate = 6 } },
        { "Only calls are counted in started minutes", new() { Key = Sms, Rate = 6, PerStarted = true } },
        { "Choose a service", new() { Key = Sms with { Service = "teleport" }, Rate = 6 } },
        { "The earliest moment is 20 Nov 2026, 12:01 UTC", new() { Key = Sms, Rate = 6, From = Soonest.AddTicks(-1) } },
        { "more than 2 years ahead", new() { Key = Sms, Rate = 6, From = Soonest.AddYears(2).AddMinutes(1) } },
        { "only a tenant's own price has an end", new() { Key = Sms, Rate = 6, Until = Now.AddDays(9) } },
        { "nothing would change", new() { Key = Sms, Rate = 5 } },
        { "Another change is scheduled for exactly", new() { Key = Sms, Rate = 6, From = Now.AddDays(7) } },
    };

    [Theory]
    [MemberData(nameof(Nonsense))]
    public void Nonsense_is_refused_in_words(string words, PriceChange change)
    {
        var verdict = Judge(change);

        Assert.Null(verdict.Row);
        Assert.Contains(words, verdict.Refusal, StringComparison.Ordinal);
    }

    // The list has 5 now and 7 in a week: going back to 5 after that week is a change, staying at 7 is none.
    [Fact]
    public void Whether_something_changes_is_judged_at_the_moment_of_the_change()
    {
        Assert.NotNull(Judge(new PriceChange { Key = Sms, Rate = 5, From = Now.AddDays(8) }).Row);
        Assert.Contains("already", Judge(new PriceChange { Key = Sms, Rate = 7, From = Now.AddDays(8) }).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void What_never_had_a_price_cannot_be_withdrawn()
    {
        var fax = new PriceKey(Unit.Credits, ServiceCodes.Fax);
        var verdict = PriceChangePolicy.Judge(
            new PriceChange { Key = fax, IsOffered = false }, new PriceLine(fax, [], Now), general: null, Soonest);

        Assert.Contains("nothing would change", verdict.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tenants_own_price_may_end_and_may_equal_the_general_one()
    {
        var own = Sms with { TenantId = Ids.New() };
        var change = new PriceChange { Key = own, Rate = 5, From = Now.AddDays(1), Until = Now.AddDays(31) };

        var row = Assert.IsType<TenantPrice>(PriceChangePolicy.Judge(change, new PriceLine(own, [], Now), List, Soonest).Row);
        Assert.Equal((own.TenantId!.Value, (DateTimeOffset?)Now.AddDays(31)), (row.TenantId, row.ValidUntil));
        var backwards = PriceChangePolicy.Judge(change with { Until = Now.AddDays(1) }, new PriceLine(own, [], Now), List, Soonest);
        Assert.Contains("end must lie after", backwards.Refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-11-20T12:00:00Z", 10, "2026-11-20T12:01:00Z")]
    [InlineData("2026-11-20T12:00:50Z", 10, "2026-11-20T12:01:00Z")]
    [InlineData("2026-11-20T12:00:51Z", 10, "2026-11-20T12:02:00Z")]
    public void The_soonest_is_the_first_whole_minute_that_every_process_knows(string now, int cacheSeconds, string soonest) =>
        Assert.Equal(
            DateTimeOffset.Parse(soonest, System.Globalization.CultureInfo.InvariantCulture),
            EditTimes.Soonest(
                DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture),
                new PricingOptions { CacheSeconds = cacheSeconds }));

    private static PriceLine List { get; } = new(Sms, [Row(7, Now.AddDays(7)), Row(5, Now.AddYears(-1))], Now);

    private static PriceVerdict Judge(PriceChange change) => PriceChangePolicy.Judge(
        change, change.Key == Sms ? List : new PriceLine(change.Key, [Row(1, Now.AddYears(-1))], Now), general: null, Soonest);

    private static Price Row(decimal rate, DateTimeOffset from) => new()
    {
        Id = Ids.New(),
        Plan = Unit.Credits,
        Service = ServiceCodes.SmsOutbound,
        RateE4 = Amount.Credits(rate).E4,
        ValidFrom = from,
    };
}
