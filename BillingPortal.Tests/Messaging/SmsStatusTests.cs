using BillingPortal.Kernel;
using BillingPortal.Messaging;
using BillingPortal.Providers.Sms;
using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.Messaging;

/// <summary>The provider's word moves a message forward only, and its money once.</summary>
public sealed class SmsStatusTests(MessagingScene scene) : IClassFixture<MessagingScene>
{
    [Fact]
    public async Task A_delivered_message_stays_charged_and_its_timeline_tells_how_it_went()
    {
        var tenant = await scene.TenantAsync();
        var sent = await tenant.SendAsync(SandboxTwilio.NewHandset());

        await scene.HandOnAsync();
        var message = await scene.MessageAsync(sent.Message!.Id);

        Assert.Equal(
            (SmsState.Delivered, SmsPayment.Charged, null), (message.State, message.Payment, message.CheckAt));
        Assert.Equal(
            [SmsState.Recorded, SmsState.Queued, SmsState.Sent, SmsState.Delivered], await scene.StepsAsync(message.Id));
        await tenant.Books.AssertBooksBalanceAsync(95);
    }

    [Theory]
    [InlineData("0021", SmsState.Undelivered, 30003)]
    [InlineData("0022", SmsState.Failed, 30007)]
    public async Task What_did_not_arrive_is_refunded_once_by_an_entry_that_names_the_one_it_undoes(
        string ending, SmsState end, int code)
    {
        var tenant = await scene.TenantAsync();
        var sent = await tenant.SendAsync("+1628555" + ending);

        await scene.HandOnAsync(news => news.SelectMany(one => Enumerable.Repeat(one, 3)).Reverse());
        var message = await scene.MessageAsync(sent.Message!.Id);

        Assert.Equal(
            (end, SmsPayment.Refunded, (int?)code), (message.State, message.Payment, message.ErrorCode));
        await tenant.Books.AssertBooksBalanceAsync(100);
        Assert.Equal(1, await CountAsync(
            "SELECT count(*) FROM entries WHERE tenant_id = $1 AND kind = 'refund' AND amount_e4 = 50000 "
            + "AND reverses_seq = 2 AND counter_account = 'sms_revenue'", tenant.Id));
    }

    [Fact]
    public async Task Refunding_can_be_switched_off()
    {
        var tenant = await scene.TenantAsync();
        await using var strict = scene.Services(new() { ["Messaging:RefundFailed"] = "false" });
        var sent = await tenant.SendAsync("+16285550022");
        await scene.Sandbox.WebhooksIdleAsync();

        foreach (var news in scene.TakeNews())
        {
            await ((SmsStatusService)strict.GetService(typeof(SmsStatusService))!).ApplyAsync(news);
        }

        var message = await scene.MessageAsync(sent.Message!.Id);
        Assert.Equal((SmsState.Failed, SmsPayment.Charged), (message.State, message.Payment));
        await tenant.Books.AssertBooksBalanceAsync(95);
    }

    [Fact]
    public async Task What_comes_after_the_end_is_noted_and_flips_nothing()
    {
        var tenant = await scene.TenantAsync();
        var sent = await tenant.SendAsync(SandboxTwilio.NewHandset());
        await scene.HandOnAsync(news => news.Reverse());
        var sid = (await scene.MessageAsync(sent.Message!.Id)).ProviderSid!;

        var late = await scene.News.ApplyAsync(new SmsStatusNews(sid, SmsStatus.Failed, 30008, null));
        var early = await scene.News.ApplyAsync(new SmsStatusNews(sid, SmsStatus.Sending, null, null));
        var message = await scene.MessageAsync(sent.Message.Id);

        Assert.Equal((SmsNewsOutcome.Noted, SmsNewsOutcome.Noted), (late, early));
        Assert.Equal(
            (SmsState.Delivered, SmsPayment.Charged, null), (message.State, message.Payment, message.ErrorCode));
        Assert.Contains(SmsState.Failed, await scene.StepsAsync(message.Id));
        await tenant.Books.AssertBooksBalanceAsync(95);
    }

    // The callbacks overtake the answer: the message has only been recorded when they come, under our own id.
    [Theory]
    [InlineData(SmsStatus.Sent, SmsState.Sent, SmsPayment.Charged, 95)]
    [InlineData(SmsStatus.Failed, SmsState.Failed, SmsPayment.Released, 100)]
    public async Task News_before_the_answer_is_written_charges_and_the_answer_changes_nothing_more(
        SmsStatus status, SmsState state, SmsPayment payment, decimal balance)
    {
        var tenant = await scene.TenantAsync();
        var wish = new SendSms(SandboxTwilio.NewHandset(), "Hello");
        var (recorded, _) = await scene.Sms.RecordAsync(tenant.Id, Unit.Credits, wish, "k", CancellationToken.None);
        var said = await scene.Sms.AskAsync(recorded!);

        var news = await scene.News.ApplyAsync(new SmsStatusNews(said.Message!.Sid, status, null, recorded!.Id));
        var sent = await scene.Sms.FinishAsync(recorded, said);
        var message = await scene.MessageAsync(recorded.Id);

        Assert.Equal(SmsNewsOutcome.Moved, news);
        Assert.True(sent.IsSent);
        Assert.Equal((state, payment, said.Message.Sid), (message.State, message.Payment, message.ProviderSid));
        await tenant.Books.AssertBooksBalanceAsync(balance);
        Assert.Equal(balance, await tenant.AvailableAsync());
    }

    [Fact]
    public async Task News_of_a_strangers_message_is_unknown()
    {
        var news = new SmsStatusNews("SM" + Ids.New().ToString("N"), SmsStatus.Sent, null, Ids.New());

        Assert.Equal(SmsNewsOutcome.UnknownMessage, await scene.News.ApplyAsync(news));
    }

    [Fact]
    public async Task Our_id_does_not_move_a_message_that_has_another_one_of_the_provider()
    {
        var tenant = await scene.TenantAsync();
        var sent = await tenant.SendAsync(SandboxTwilio.NewHandset());
        var news = new SmsStatusNews("SM" + Ids.New().ToString("N"), SmsStatus.Failed, null, sent.Message!.Id);

        Assert.Equal(SmsNewsOutcome.UnknownMessage, await scene.News.ApplyAsync(news));
        await tenant.Books.AssertBooksBalanceAsync(95);
    }

    // Twenty callbacks race with each other: charged once, refunded once.
    [Fact]
    public async Task Racing_news_move_the_money_once()
    {
        var tenant = await scene.TenantAsync();
        var wish = new SendSms(SandboxTwilio.NewHandset(), "Hello");
        var (recorded, _) = await scene.Sms.RecordAsync(tenant.Id, Unit.Credits, wish, null, CancellationToken.None);
        var said = await scene.Sms.AskAsync(recorded!);
        SmsStatus[] statuses = [SmsStatus.Queued, SmsStatus.Sending, SmsStatus.Sent, SmsStatus.Undelivered];

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => scene.News.ApplyAsync(
            new SmsStatusNews(said.Message!.Sid, statuses[i % 4], null, recorded!.Id)))
            .Append<Task>(scene.Sms.FinishAsync(recorded!, said)));

        Assert.Equal(SmsState.Undelivered, (await scene.MessageAsync(recorded!.Id)).State);
        await tenant.Books.AssertBooksBalanceAsync(100);
        Assert.Equal(100, await tenant.AvailableAsync());
    }

    private async Task<long> CountAsync(string sql, Guid tenantId)
    {
        await using var command = scene.Postgres.Database.Ops.CreateCommand(sql);
        command.Parameters.Add(new() { Value = tenantId });
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
