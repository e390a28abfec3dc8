using System.Xml.Linq;
using BillingPortal.Kernel;
using BillingPortal.Messaging;
using BillingPortal.Tenants;
using BillingPortal.Webhooks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Webhooks;

/// <summary>Messages that come in and reports on those that went out, from the wire to the tenant's books.</summary>
public sealed class TwilioSmsWebhookTests(TwilioPortal portal) : IClassFixture<TwilioPortal>
{
    private const string Sms = "/api/webhooks/twilio/sms";
    private readonly string _sid = TwilioPortal.NewSid("SM");

    public static TheoryData<string> Bodies() =>
    [
        "Hello", "", " spaces kept ", "<script>alert('x')</script> & \"quotes\"", "שלום עולם \u202Ereversed\u202C", "😀👩‍👩‍👧‍👦 €",
        "bell\u0007 escape\u001B[2J line\r\nbreak\ttab", new string('x', 1600), "'; DROP TABLE sms_messages; --",
    ];

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_message_is_kept_as_it_came_and_charged_once(string body)
    {
        var (tenant, number) = await portal.TenantWithNumberAsync(balance: 10);
        var call = TwilioPortal.Genuine(Sms, _sid, number).With("Body", body);

        Assert.Equal(200, (await portal.SendAsync(call)).Status);
        Assert.Equal(200, (await portal.SendAsync(call)).Status);

        Assert.Equal(EventState.Handled, Assert.Single(await portal.RowsAsync(_sid)).State);
        var message = Assert.Single(await MessagesAsync(tenant));
        Assert.Equal((body, SmsPayment.Charged, _sid), (message.Body, message.Payment, message.ProviderSid));
        Assert.Equal(9, (await portal.BalanceAsync(tenant)).Available.ToDecimal());
    }

    // PostgreSQL's text has no U+0000.
    [Fact]
    public async Task A_zero_character_is_shown_as_one_that_cannot_be_shown()
    {
        var (tenant, number) = await portal.TenantWithNumberAsync(balance: 10);

        await portal.SendAsync(TwilioPortal.Genuine(Sms, _sid, number).With("Body", "a\0b"));

        Assert.Equal("a\uFFFDb", Assert.Single(await MessagesAsync(tenant)).Body);
    }

    [Fact]
    public async Task A_reply_stands_in_the_answer_as_text_and_again_when_twilio_asks_again()
    {
        var (tenant, number) = await portal.TenantWithNumberAsync(balance: 10);
        await ReplyWithAsync(tenant, "Thanks <b>& bye</b> 😀 ]]>");
        var call = TwilioPortal.Genuine(Sms, _sid, number).With("From", "+12025550123");

        var first = await portal.SendAsync(call);
        var again = await portal.SendAsync(call);

        Assert.Equal((200, "text/xml", first.Text), (first.Status, first.ContentType, again.Text));
        var answer = Assert.Single(XDocument.Parse(first.Text).Root!.Elements());
        Assert.Equal(("Message", "Thanks <b>& bye</b> 😀 ]]>"), (answer.Name.LocalName, answer.Value));
        var reply = (await MessagesAsync(tenant)).Single(message => message.Direction is SmsDirection.Outbound);
        Assert.Equal(
            $"https://portal.example/api/webhooks/twilio/status?message={reply.Id}", answer.Attribute("statusCallback")!.Value);
        await AssertBalanceAsync(tenant, available: 4, held: 5);
    }

    // Our own id in the address finds the message while its id at Twilio is not known here.
    [Fact]
    public async Task A_report_finds_its_message_by_our_own_id_and_moves_it_forward_only()
    {
        var (tenant, number) = await portal.TenantWithNumberAsync(balance: 10);
        await ReplyWithAsync(tenant, "Thanks");
        await portal.SendAsync(TwilioPortal.Genuine(Sms, _sid, number).With("From", "+12025550123"));
        var reply = (await MessagesAsync(tenant)).Single(message => message.Direction is SmsDirection.Outbound);
        var sid = TwilioPortal.NewSid("SM");
        var report = TwilioPortal.Genuine("/api/webhooks/twilio/status", sid, "+12025550123") with { Query = $"?message={reply.Id}" };

        await portal.SendAsync(report);
        await portal.SendAsync(report.With("MessageStatus", "sent"));
        await portal.SendAsync(report.With("MessageStatus", "tomorrow_maybe"));
        var rows = await portal.SettledAsync(sid);

        Assert.Equal(3, rows.Count);
        Assert.Equal(EventState.Ignored, rows.Single(row => row.EventId.EndsWith("maybe", StringComparison.Ordinal)).State);
        reply = (await MessagesAsync(tenant)).Single(message => message.Id == reply.Id);
        Assert.Equal((SmsState.Delivered, sid, SmsPayment.Charged), (reply.State, reply.ProviderSid, reply.Payment));
        await AssertBalanceAsync(tenant, available: 4, held: 0);
    }

    [Fact]
    public async Task A_message_to_nobodys_number_is_ignored()
    {
        await portal.SendAsync(TwilioPortal.Genuine(Sms, _sid, "+19995550123"));

        Assert.Equal(EventState.Ignored, Assert.Single(await portal.RowsAsync(_sid)).State);
    }

    [Fact]
    public async Task A_replayed_event_changes_nothing()
    {
        var (tenant, number) = await portal.TenantWithNumberAsync(balance: 10);
        await portal.SendAsync(TwilioPortal.Genuine(Sms, _sid, number));
        var row = Assert.Single(await portal.RowsAsync(_sid));

        await portal.Services.GetRequiredService<WebhookInbox>().ReplayAsync(row.Id);
        await portal.SettledAsync(_sid);

        Assert.Single(await MessagesAsync(tenant));
        Assert.Equal(9, (await portal.BalanceAsync(tenant)).Available.ToDecimal());
    }

    private async Task AssertBalanceAsync(Tenant tenant, decimal available, decimal held)
    {
        var balance = await portal.BalanceAsync(tenant);
        Assert.Equal((available, held), (balance.Available.ToDecimal(), balance.Held.ToDecimal()));
    }

    private async Task ReplyWithAsync(Tenant tenant, string text) =>
        Assert.Null(await portal.Services.GetRequiredService<SmsSettingsService>().SaveAsync(
            tenant.Id, new SmsSettingsChange(null, text, null)));

    private async Task<List<SmsMessage>> MessagesAsync(Tenant tenant)
    {
        await using var unit = await portal.Database.BeginAsync(tenant.Id);
        return await unit.Db.Set<SmsMessage>().AsNoTracking().ToListAsync();
    }
}
