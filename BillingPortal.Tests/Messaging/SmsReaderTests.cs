using BillingPortal.Messaging;
using BillingPortal.Tests.Support;
using static BillingPortal.Tests.Messaging.TestMessages;

namespace BillingPortal.Tests.Messaging;

public sealed class SmsReaderTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private SmsReader Messages => new(postgres.Database);

    private DateTimeOffset Now => postgres.Clock.GetUtcNow();

    private SmsFilter All => new(Now.AddDays(-30), Now.AddDays(1), null, null, null, null, null);

    [Fact]
    public async Task Pages_show_every_message_once_newest_first_also_those_of_the_same_instant()
    {
        var tenant = await postgres.TenantWithAsync();
        var sent = Enumerable.Range(0, 25).Select(n => Message(Now.AddMinutes(-(n / 5)), body: $"{n}")).ToList();
        await WriteAsync(postgres.Connections, tenant.Id, sent);

        var seen = new List<SmsMessage>();
        SmsCursor? next = null;
        do
        {
            var page = await Messages.PageAsync(tenant.Id, All, next, limit: 7);
            seen.AddRange(page.Rows.Select(row => row.Message));
            next = page.Next is { } cursor ? SmsCursor.Parse(cursor.ToString()) : null;
        }
        while (next is not null);

        Assert.Equal(25, seen.Select(message => message.Id).Distinct().Count());
        Assert.Equal(seen.OrderByDescending(message => message.CreatedAt).Select(message => message.CreatedAt),
            seen.Select(message => message.CreatedAt));
    }

    [Fact]
    public async Task A_message_that_comes_while_somebody_reads_moves_nothing_on_the_next_page()
    {
        var tenant = await postgres.TenantWithAsync();
        await WriteAsync(postgres.Connections, tenant.Id,
            Enumerable.Range(0, 4).Select(n => Message(Now.AddMinutes(-n), body: $"{n}")));
        var first = await Messages.PageAsync(tenant.Id, All, before: null, limit: 2);

        await WriteAsync(postgres.Connections, tenant.Id, Message(Now.AddMinutes(1), body: "new"));
        var second = await Messages.PageAsync(tenant.Id, All, first.Next, limit: 2);

        Assert.Equal(["2", "3"], second.Rows.Select(row => row.Message.Body));
        Assert.Null(second.Next);
    }

    [Fact]
    public async Task Each_filter_lets_through_what_it_says()
    {
        var tenant = await postgres.TenantWithAsync();
        await WriteAsync(postgres.Connections, tenant.Id,
            Message(Now, body: "plain"), Received(Now, body: "answer"),
            Message(Now, SmsState.Failed, SmsPayment.Refunded, body: "failed", errorCode: 30003),
            Message(Now, number: "+12025550199", body: "other number"),
            Message(Now, peer: "+4915112345678", country: "DE", body: "Guten Tag"),
            Message(Now.AddDays(-40), body: "long ago"));

        Assert.Equal(["answer"], await BodiesAsync(All with { Direction = SmsDirection.Inbound }));
        Assert.Equal(["failed"], await BodiesAsync(All with { State = SmsState.Failed }));
        Assert.Equal(["other number"], await BodiesAsync(All with { Number = "+12025550199" }));
        Assert.Equal(["Guten Tag"], await BodiesAsync(All with { Country = "DE" }));
        Assert.Equal(["Guten Tag"], await BodiesAsync(All with { Text = "+49 151 1234-5678" }));
        Assert.Equal(["Guten Tag"], await BodiesAsync(All with { Text = "guten" }));
        Assert.Equal(["Guten Tag"], await BodiesAsync(All with { Text = "1511234" }));
        Assert.Empty(await BodiesAsync(All with { Text = "%" }));
        Assert.Equal(5, (await BodiesAsync(All)).Count);

        async Task<List<string>> BodiesAsync(SmsFilter filter) =>
            [.. (await Messages.PageAsync(tenant.Id, filter, before: null, limit: 50)).Rows.Select(row => row.Message.Body)];
    }

    [Fact]
    public async Task The_page_from_a_message_begins_with_it()
    {
        var tenant = await postgres.TenantWithAsync();
        var sent = Enumerable.Range(0, 6).Select(n => Message(Now.AddMinutes(-(n / 3)), body: $"{n}")).ToList();
        await WriteAsync(postgres.Connections, tenant.Id, sent);

        foreach (var message in sent)
        {
            var page = await Messages.PageAsync(tenant.Id, All, SmsCursor.From(message), limit: 10);
            Assert.Equal(message.Id, page.Rows[0].Message.Id);
        }
    }

    [Fact]
    public async Task Another_tenants_messages_are_neither_listed_nor_found()
    {
        var (tenant, stranger) = (await postgres.TenantWithAsync(), await postgres.TenantWithAsync());
        var secret = Message(Now, body: "secret");
        await WriteAsync(postgres.Connections, stranger.Id, secret);

        Assert.Empty((await Messages.PageAsync(tenant.Id, All, before: null, limit: 10)).Rows);
        Assert.Null(await Messages.FindAsync(tenant.Id, secret.Id));
        Assert.False(await Messages.AnyAsync(tenant.Id));
        Assert.True(await Messages.AnyAsync(stranger.Id));
    }

    [Theory]
    [InlineData("")]
    [InlineData("forged")]
    [InlineData("MTo5OTk5OTk5OTk5OTk5OTk5OTk5OjA")]
    [InlineData("!!!")]
    public void A_forged_cursor_is_none(string text) => Assert.Null(SmsCursor.Parse(text));
}
