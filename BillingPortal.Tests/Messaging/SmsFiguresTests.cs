using BillingPortal.Kernel;
using BillingPortal.Messaging;
using BillingPortal.Tests.Support;
using static BillingPortal.Tests.Messaging.TestMessages;

namespace BillingPortal.Tests.Messaging;

public sealed class SmsFiguresTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private DateTimeOffset Now => postgres.Clock.GetUtcNow();

    // 3 delivered, 1 failed and given back, 1 on the way, 1 unknown, 1 refused; 2 received, one of them unpaid.
    [Fact]
    public async Task Every_message_counts_once_and_what_was_given_back_is_not_spent()
    {
        var tenant = await postgres.TenantWithAsync();
        await WriteAsync(postgres.Connections, tenant.Id,
            Message(Now), Message(Now), Message(Now, peer: "+4915112345678", country: "DE"),
            Message(Now, SmsState.Undelivered, SmsPayment.Refunded, errorCode: 30003),
            Message(Now, SmsState.Sent), Message(Now, SmsState.Unknown, SmsPayment.Held),
            Message(Now, SmsState.Refused, SmsPayment.Released, errorCode: 21211),
            Received(Now), Received(Now, SmsPayment.Unpaid));

        var figures = await ReadAsync(tenant.Id);

        var sums = figures.Total;
        Assert.Equal((5, 3, 1, 1, 1, 1, 2, 1), (sums.Sent, sums.Delivered, sums.Failed, sums.OnTheWay, sums.Waiting,
            sums.Refused, sums.Received, sums.Unpaid));
        Assert.Equal((Amount.Credits(21), Amount.Credits(20), Amount.Credits(1), Amount.Credits(5)),
            (sums.Spent, sums.SpentOnSent, sums.SpentOnReceived, sums.GivenBack));
        Assert.Equal(60, sums.DeliveredRate);
        Assert.Equal(["US", "DE"], figures.Countries.Select(share => share.Key));
        Assert.Equal(sums, figures.Days.Select(day => day.Sums).Aggregate((left, right) => left + right));
        Assert.Equal(sums, figures.Countries.Select(share => share.Sums).Aggregate((left, right) => left + right));
        Assert.Equal(sums, Assert.Single(figures.Numbers).Sums);
    }

    [Fact]
    public async Task A_message_belongs_to_its_day_in_the_tenants_zone()
    {
        var tenant = await postgres.TenantWithAsync();
        await WriteAsync(postgres.Connections, tenant.Id,
            Message(new DateTimeOffset(2026, 11, 20, 4, 59, 59, TimeSpan.Zero)), // 23:59 on the 19th in New York
            Message(new DateTimeOffset(2026, 11, 20, 5, 0, 0, TimeSpan.Zero)));

        var figures = await ReadAsync(tenant.Id, "America/New_York", new SmsQuery { From = "2026-11-19" });

        Assert.Equal([(new DateOnly(2026, 11, 19), 1L), (new DateOnly(2026, 11, 20), 1L)],
            figures.Days.Select(day => (day.Day, day.Sums.Sent)));
    }

    [Fact]
    public async Task Days_without_messages_are_there_and_a_period_ends_where_it_says()
    {
        var tenant = await postgres.TenantWithAsync();
        await WriteAsync(postgres.Connections, tenant.Id, Message(Now), Message(Now.AddDays(-29)), Message(Now.AddDays(-30)));

        var figures = await ReadAsync(tenant.Id);

        Assert.Equal(30, figures.Days.Count);
        Assert.Equal((2, 1), (figures.Total.Sent, figures.Days[^1].Sums.Sent));
        Assert.Null((await ReadAsync(tenant.Id, query: new SmsQuery { From = "2026-01-01", To = "2026-01-02" }))
            .Total.DeliveredRate);
    }

    [Fact]
    public async Task After_a_change_of_plan_both_units_are_shown_and_never_mixed()
    {
        var tenant = await postgres.TenantWithAsync();
        await WriteAsync(postgres.Connections, tenant.Id,
            Message(Now), Message(Now, price: 0.02m, unit: Unit.Usd));

        var figures = await ReadAsync(tenant.Id);

        Assert.Equal((Amount.Credits(5), Amount.Usd(0.02m)), (figures.Total.Spent, figures.OtherUnit));
        Assert.Equal(2, figures.Total.Sent);
    }

    [Fact]
    public async Task Another_tenants_messages_do_not_count()
    {
        var (tenant, stranger) = (await postgres.TenantWithAsync(), await postgres.TenantWithAsync());
        await WriteAsync(postgres.Connections, stranger.Id, Message(Now));

        Assert.True((await ReadAsync(tenant.Id)).Total.IsEmpty);
    }

    [Theory]
    [InlineData("2026-13-01", null, "days like")]
    [InlineData("2026-11-02", "2026-11-01", "must not lie after")]
    [InlineData("2020-01-01", "2026-11-01", "shorter period")]
    public void A_period_that_cannot_be_read_says_how_to_write_it(string from, string? to, string words)
    {
        var request = new SmsQuery { From = from, To = to }.Judge(TimeZoneInfo.Utc, Now);

        Assert.Contains(words, request.Refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("direction", "up")]
    [InlineData("state", "lost")]
    [InlineData("country", "Germany")]
    [InlineData("cursor", "forged")]
    public void A_filter_that_cannot_be_read_is_refused(string what, string value)
    {
        var query = what switch
        {
            "direction" => new SmsQuery { Direction = value },
            "state" => new SmsQuery { State = value },
            "country" => new SmsQuery { Country = value },
            _ => new SmsQuery { Cursor = value },
        };

        Assert.StartsWith(what, query.Judge(TimeZoneInfo.Utc, Now).Refusal, StringComparison.Ordinal);
    }

    private Task<SmsFigures> ReadAsync(Guid tenantId, string timeZone = "UTC", SmsQuery? query = null)
    {
        var request = (query ?? new SmsQuery()).Judge(TimeZoneInfo.FindSystemTimeZoneById(timeZone), Now);
        Assert.Null(request.Refusal);
        return new SmsFiguresReader(postgres.Database).ReadAsync(tenantId, Unit.Credits, timeZone, request);
    }
}
