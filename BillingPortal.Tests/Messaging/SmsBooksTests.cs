using BillingPortal.Kernel;
using BillingPortal.Messaging;
using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.Messaging;

/// <summary>What the page calls spent and given back is what stands in the books about these messages.</summary>
public sealed class SmsBooksTests(MessagingScene scene) : IClassFixture<MessagingScene>
{
    // 19 credits: three are sent (15), one of them comes back (5), two are received (2), one more is sent (5), then 2 are
    // left and the third one received takes 1.
    [Fact]
    public async Task Page_and_statistics_and_ledger_agree_on_every_credit()
    {
        var tenant = await scene.TenantAsync(credits: 19);
        await tenant.SendAsync(SandboxTwilio.NewHandset());
        await tenant.SendAsync(SandboxTwilio.NewHandset());
        await tenant.SendAsync("+16285550021"); // not delivered
        await scene.HandOnAsync();
        await tenant.ReceiveAsync(SandboxTwilio.NewHandset());
        await tenant.ReceiveAsync(SandboxTwilio.NewHandset());
        await tenant.SendAsync(SandboxTwilio.NewHandset());
        await tenant.ReceiveAsync(SandboxTwilio.NewHandset());
        var refused = await tenant.SendAsync(SandboxTwilio.NewHandset());

        var sums = (await FiguresAsync(tenant.Id)).Total;
        var (month, _) = await scene.Stats.ReadAsync(tenant.Id, Unit.Credits, recent: 10);
        var (sent, received, back) = await EntriesAsync(tenant.Id);

        Assert.Equal(SmsRefusalKind.Insufficient, refused.Refusal!.Kind);
        Assert.Equal((sent - back, received, back),
            (sums.SpentOnSent.ToDecimal(), sums.SpentOnReceived.ToDecimal(), sums.GivenBack.ToDecimal()));
        Assert.Equal((15m, 3m, 5m), (sent - back, received, back));
        Assert.Equal((month.Sent, month.Received, month.SentCredits, month.ReceivedCredits, month.SuccessRate),
            (sums.Sent, sums.Received, sums.SpentOnSent, sums.SpentOnReceived, sums.DeliveredRate!.Value));
        await tenant.Books.AssertBooksBalanceAsync(19 - sums.Spent.ToDecimal());
    }

    [Fact]
    public async Task A_message_that_waits_for_its_price_is_unpaid_not_spent_until_the_top_up()
    {
        var tenant = await scene.TenantAsync(credits: 0);
        await tenant.ReceiveAsync(SandboxTwilio.NewHandset());

        var sums = (await FiguresAsync(tenant.Id)).Total;

        Assert.Equal((1, 1, Amount.Zero(Unit.Credits)), (sums.Received, sums.Unpaid, sums.Spent));
    }

    // The list begins with the message that its entry names, and the message names its entry.
    [Fact]
    public async Task Entry_and_message_lead_to_each_other()
    {
        var tenant = await scene.TenantAsync();
        var sent = await tenant.SendAsync(SandboxTwilio.NewHandset());

        await using var work = await scene.Postgres.Database.BeginAsync(tenant.Id);
        await using var command = work.Command(
            "SELECT cause_id FROM entries WHERE tenant_id = $1 AND unit = 'credits' AND seq = $2 AND cause_type = 'sms'",
            tenant.Id, (await scene.MessageAsync(sent.Message!.Id)).EntrySeq);
        Assert.Equal(sent.Message.Id.ToString(), await command.ExecuteScalarAsync());
    }

    private Task<SmsFigures> FiguresAsync(Guid tenantId) => new SmsFiguresReader(scene.Postgres.Database).ReadAsync(
        tenantId, Unit.Credits, "UTC", new SmsQuery().Judge(TimeZoneInfo.Utc, scene.Clock.GetUtcNow()));

    private async Task<(decimal Sent, decimal Received, decimal Back)> EntriesAsync(Guid tenantId)
    {
        await using var work = await scene.Postgres.Database.BeginAsync(tenantId);
        await using var command = work.Command(
            """
            SELECT coalesce(-sum(amount_e4) FILTER (WHERE amount_e4 < 0 AND service = 'sms_outbound'), 0) / 10000,
                   coalesce(-sum(amount_e4) FILTER (WHERE service = 'sms_inbound'), 0) / 10000,
                   coalesce(sum(amount_e4) FILTER (WHERE amount_e4 > 0), 0) / 10000
            FROM entries WHERE tenant_id = $1 AND cause_type = 'sms'
            """, tenantId);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return (reader.GetDecimal(0), reader.GetDecimal(1), reader.GetDecimal(2));
    }
}
