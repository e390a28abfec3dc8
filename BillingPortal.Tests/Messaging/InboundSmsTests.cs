using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Messaging;
using BillingPortal.Outbox;
using BillingPortal.PhoneNumbers;
using BillingPortal.Providers.Sms;
using BillingPortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Messaging;

/// <summary>What people write is kept whatever the balance, charged once, and obeyed.</summary>
public sealed class InboundSmsTests(MessagingScene scene) : IClassFixture<MessagingScene>
{
    private readonly string _handset = SandboxTwilio.NewHandset();

    [Fact]
    public async Task An_inbound_message_is_kept_and_charged_once_however_often_it_comes()
    {
        var tenant = await scene.TenantAsync();

        var first = await tenant.ReceiveAsync(_handset, "Hi \0 <b>there</b> \u202e 😀", sid: "SM-a" + _handset);
        var second = await tenant.ReceiveAsync(_handset, "Hi", sid: "SM-a" + _handset);
        var message = Assert.Single(await tenant.MessagesAsync());

        Assert.Equal((InboundOutcome.Received, InboundOutcome.Repeated), (first.Outcome, second.Outcome));
        Assert.Equal(
            (SmsState.Received, SmsPayment.Charged, "US", "Hi \uFFFD <b>there</b> \u202e 😀"),
            (message.State, message.Payment, message.Country, message.Body));
        await tenant.Books.AssertBooksBalanceAsync(99);
    }

    [Fact]
    public async Task The_same_message_arriving_eight_times_at_once_is_one()
    {
        var tenant = await scene.TenantAsync();

        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => tenant.ReceiveAsync(_handset, sid: "SM-r" + _handset)));

        Assert.Single(results, result => result.Outcome is InboundOutcome.Received);
        await tenant.Books.AssertBooksBalanceAsync(99);
    }

    [Fact]
    public async Task A_message_to_nobodys_number_is_not_recorded()
    {
        var tenant = await scene.TenantAsync();

        var result = await tenant.ReceiveAsync(_handset, to: "+14155559876");

        Assert.Equal(InboundOutcome.UnknownNumber, result.Outcome);
        Assert.Empty(await tenant.MessagesAsync());
    }

    // No credits: three messages wait. A top-up of 2 pays its debt of nothing, then the two oldest.
    [Fact]
    public async Task Unpaid_messages_are_paid_oldest_first_by_the_next_top_up()
    {
        var tenant = await scene.TenantAsync(credits: 0);
        for (var i = 0; i < 3; i++)
        {
            await tenant.ReceiveAsync(_handset, $"No. {i}");
            scene.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.All(await tenant.MessagesAsync(), message => Assert.Equal(SmsPayment.Unpaid, message.Payment));
        await TopUpAsync(tenant, 2);

        Assert.Equal(
            [SmsPayment.Charged, SmsPayment.Charged, SmsPayment.Unpaid],
            (await tenant.MessagesAsync()).Select(message => message.Payment));
        await tenant.Books.AssertBooksBalanceAsync(0);
        await TopUpAsync(tenant, 10);
        Assert.All(await tenant.MessagesAsync(), message => Assert.Equal(SmsPayment.Charged, message.Payment));
        await tenant.Books.AssertBooksBalanceAsync(9);
    }

    // 600 wait, one top-up takes 500 with it; the rest follows by a message of the outbox.
    [Fact]
    public async Task More_unpaid_messages_than_one_transaction_takes_are_paid_right_after_it()
    {
        var tenant = await scene.TenantAsync(credits: 0);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 600), new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (_, _) => await tenant.ReceiveAsync(_handset));

        await TopUpAsync(tenant, 1000);
        await tenant.Books.AssertBooksBalanceAsync(500);
        await scene.Get<OutboxDispatcher>().DrainAsync(CancellationToken.None);

        Assert.All(await tenant.MessagesAsync(), message => Assert.Equal(SmsPayment.Charged, message.Payment));
        await tenant.Books.AssertBooksBalanceAsync(400);
    }

    [Fact]
    public async Task A_suspended_number_keeps_its_messages_unpaid_and_answers_nothing()
    {
        var tenant = await scene.TenantAsync();
        var suspended = await scene.AddNumberAsync(tenant.Id, PhoneNumberState.Suspended);
        await scene.Settings.SaveAsync(tenant.Id, new SmsSettingsChange(null, "We are closed", null));

        var result = await tenant.ReceiveAsync(_handset, to: suspended);

        Assert.Null(result.Reply);
        Assert.Equal(SmsPayment.Unpaid, Assert.Single(await tenant.MessagesAsync()).Payment);
        await tenant.Books.AssertBooksBalanceAsync(100);
    }

    [Fact]
    public async Task Stop_is_obeyed_at_once_and_start_takes_it_back()
    {
        var tenant = await scene.TenantAsync();
        await scene.Settings.SaveAsync(tenant.Id, new SmsSettingsChange(null, "Thanks", null));

        var stop = await tenant.ReceiveAsync(_handset, " Stop all! ");
        var refused = await tenant.SendAsync(_handset);
        var cannotUndo = await scene.OptOuts.RemoveAsync(tenant.Id, tenant.Number, _handset);
        var help = await tenant.ReceiveAsync(_handset, "help");
        var words = await tenant.ReceiveAsync(_handset, "please stop by at noon");
        await tenant.ReceiveAsync(_handset, "START");
        var sent = await tenant.SendAsync(_handset);

        Assert.Equal((null, null, null), (stop.Reply, help.Reply, words.Reply));
        Assert.Equal("opted_out", refused.Refusal!.Code);
        Assert.False(cannotUndo);
        Assert.True(sent.IsSent);
    }

    [Fact]
    public async Task The_providers_own_verdict_wins_over_the_words()
    {
        var tenant = await scene.TenantAsync();

        await tenant.ReceiveAsync(_handset, "arrête", optOutType: "STOP");
        Assert.Equal("opted_out", (await tenant.SendAsync(_handset)).Refusal!.Code);
        await tenant.ReceiveAsync(_handset, "stop", optOutType: "HELP");
        Assert.Single(await scene.OptOuts.ListAsync(tenant.Id));
    }

    // 1 for the message, 5 held for the reply until the provider reports it.
    [Fact]
    public async Task An_automatic_reply_is_made_once_and_charged_when_the_provider_reports_it()
    {
        var tenant = await scene.TenantAsync();
        await scene.Settings.SaveAsync(tenant.Id, new SmsSettingsChange(null, "We call you back", null));

        var first = await tenant.ReceiveAsync(_handset, sid: "SM-x" + _handset);
        var again = await tenant.ReceiveAsync(_handset, sid: "SM-x" + _handset, canReply: false);
        Assert.Equal("We call you back", first.Reply!.Text);
        Assert.Equal(first.Reply, again.Reply);
        Assert.Contains($"message={first.Reply.MessageId}", first.Reply.StatusCallback.Query, StringComparison.Ordinal);
        Assert.Equal(94, await tenant.AvailableAsync());
        await scene.News.ApplyAsync(
            new SmsStatusNews("SM" + Ids.New().ToString("N"), SmsStatus.Sent, null, first.Reply.MessageId));

        Assert.Equal(2, (await tenant.MessagesAsync()).Count);
        await tenant.Books.AssertBooksBalanceAsync(94);
    }

    [Fact]
    public async Task A_reply_that_the_provider_never_had_is_released()
    {
        var tenant = await scene.TenantAsync();
        await scene.Settings.SaveAsync(tenant.Id, new SmsSettingsChange(null, "We call you back", null));
        var result = await tenant.ReceiveAsync(_handset);

        for (var minute = 0; minute < 20; minute++)
        {
            scene.Clock.Advance(TimeSpan.FromMinutes(1));
            await scene.Sweep.RunAsync(1000);
        }

        Assert.Equal(SmsPayment.Released, (await scene.MessageAsync(result.Reply!.MessageId)).Payment);
        Assert.Equal(99, await tenant.AvailableAsync());
        await scene.Sandbox.MoveClockToAsync(scene.Clock.GetUtcNow());
    }

    // 5 credits: 1 goes to the message, 4 do not cover the reply.
    [Fact]
    public async Task A_reply_that_the_balance_does_not_cover_is_left_out_and_so_is_one_nobody_waits_for()
    {
        var tenant = await scene.TenantAsync(credits: 5);
        await scene.Settings.SaveAsync(tenant.Id, new SmsSettingsChange(null, "We call you back", null));

        Assert.Null((await tenant.ReceiveAsync(_handset)).Reply);
        await tenant.Books.CreditAsync(100);
        Assert.Null((await tenant.ReceiveAsync(_handset, canReply: false)).Reply);
        Assert.Null((await tenant.ReceiveAsync("MyBank")).Reply);
        Assert.Equal(3, (await tenant.MessagesAsync()).Count);
        Assert.Equal(102, await tenant.AvailableAsync());
    }

    private async Task TopUpAsync(SmsTenant tenant, decimal credits)
    {
        await using var unit = await scene.Postgres.Database.BeginOpsAsync();
        await scene.Get<TopUp>().PostAsync(
            unit, [tenant.Books.Posting(LedgerOperation.Credit, Amount.Credits(credits))]);
        await unit.CommitAsync();
    }
}
