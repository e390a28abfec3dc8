using BillingPortal.Kernel;
using BillingPortal.Messaging;
using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.Messaging;

/// <summary>
/// Sends whose answer was lost or whose process died are found out about: charged when the provider has them, released
/// when it does not, and never sent again.
/// </summary>
public sealed class SmsSweepTests : IAsyncLifetime
{
    private readonly MessagingScene _scene = new();
    private SmsTenant _tenant = null!;
    private readonly string _handset = SandboxTwilio.NewHandset();

    public async ValueTask InitializeAsync()
    {
        await _scene.InitializeAsync();
        _tenant = await _scene.TenantAsync();
    }

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Theory]
    [InlineData("timeout_after")]
    [InlineData("error_after")]
    public async Task A_message_that_the_provider_has_and_never_confirmed_is_charged_and_not_sent_again(string fault)
    {
        await _scene.Sandbox.FaultAsync(fault, "twilio", "Messages");

        var sent = await _tenant.SendAsync(_handset, key: "k");
        Assert.Equal((SmsRefusalKind.Unknown, "outcome_unknown"), (sent.Refusal!.Kind, sent.Refusal.Code));
        Assert.Equal(95, await _tenant.AvailableAsync());
        Assert.Equal("outcome_unknown", (await _tenant.SendAsync(_handset, key: "k")).Refusal!.Code);
        var report = await _scene.Sweep.RunAsync(100);
        var again = await _tenant.SendAsync(_handset, key: "k");

        Assert.Equal(new SmsSweepReport(Looked: 1, Found: 1, NotSent: 0, Failed: 0), report);
        Assert.True(again.IsSent);
        Assert.StartsWith("SM", again.Message!.ProviderSid, StringComparison.Ordinal);
        Assert.Equal(1, await _scene.Sandbox.Twilio.SentCountAsync());
        await _tenant.Books.AssertBooksBalanceAsync(95);
    }

    [Fact]
    public async Task The_callback_resolves_it_as_well_by_our_own_id()
    {
        await _scene.Sandbox.FaultAsync("timeout_after", "twilio", "Messages");
        var sent = await _tenant.SendAsync(_handset);

        await _scene.HandOnAsync();
        var message = await _scene.MessageAsync(sent.Message!.Id);

        Assert.Equal((SmsState.Delivered, SmsPayment.Charged), (message.State, message.Payment));
        Assert.Equal(0, (await _scene.Sweep.RunAsync(100)).Looked);
        await _tenant.Books.AssertBooksBalanceAsync(95);
    }

    [Theory]
    [InlineData("disconnect")]
    [InlineData("error")]
    public async Task A_message_that_the_provider_never_had_is_released_after_several_looks(string fault)
    {
        await _scene.Sandbox.FaultAsync(fault, "twilio", "Messages");
        var sent = await _tenant.SendAsync(_handset, key: "k");

        for (var minute = 0; minute < 15; minute++)
        {
            Assert.Equal(1, (await _scene.Sweep.RunAsync(100)).Looked);
            Assert.Equal(SmsState.Unknown, (await _scene.MessageAsync(sent.Message!.Id)).State);
            _scene.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(1, (await _scene.Sweep.RunAsync(100)).NotSent);
        var message = await _scene.MessageAsync(sent.Message!.Id);
        Assert.Equal((SmsState.Refused, SmsPayment.Released), (message.State, message.Payment));
        Assert.Equal(100, await _tenant.AvailableAsync());
        Assert.True((await _tenant.SendAsync(_handset, key: "k")).IsSent);
        Assert.Equal(1, await _scene.Sandbox.Twilio.SentCountAsync());
    }

    [Fact]
    public async Task While_the_provider_cannot_be_asked_nothing_is_given_up()
    {
        await _scene.Sandbox.FaultAsync("disconnect", "twilio", "Messages");
        var sent = await _tenant.SendAsync(_handset);
        await _scene.Sandbox.FaultAsync("error", "twilio", "Messages", "GET", count: null);

        for (var hour = 0; hour < 5; hour++)
        {
            Assert.Equal(1, (await _scene.Sweep.RunAsync(100)).Failed);
            _scene.Clock.Advance(TimeSpan.FromHours(1));
        }

        Assert.Equal(SmsState.Unknown, (await _scene.MessageAsync(sent.Message!.Id)).State);
        Assert.Equal(95, await _tenant.AvailableAsync());
    }

    [Fact]
    public async Task A_busy_provider_costs_nothing_and_the_same_key_may_try_again()
    {
        await _scene.Sandbox.FaultAsync("rate_limit", "twilio", "Messages", count: 2);

        var sent = await _tenant.SendAsync(_handset, key: "k");

        Assert.Equal(
            (SmsRefusalKind.Unavailable, (int?)20429), (sent.Refusal!.Kind, sent.Refusal.ProviderCode));
        Assert.Equal(100, await _tenant.AvailableAsync());
        Assert.True((await _tenant.SendAsync(_handset, key: "k")).IsSent);
        Assert.Equal(1, await _scene.Sandbox.Twilio.SentCountAsync());
    }

    // The process dies right after step 1, or right after the provider took it.
    [Theory]
    [InlineData(false, SmsPayment.Released, 100)]
    [InlineData(true, SmsPayment.Charged, 95)]
    public async Task A_send_whose_process_died_is_mended(bool wasAsked, SmsPayment end, decimal available)
    {
        var (recorded, _) = await _scene.Sms.RecordAsync(
            _tenant.Id, Unit.Credits, new SendSms(_handset, "Hello"), "k", CancellationToken.None);
        if (wasAsked)
        {
            await _scene.Sms.AskAsync(recorded!);
        }

        Assert.Equal("idempotency_key_in_use", (await _tenant.SendAsync(_handset, key: "k")).Refusal!.Code);
        Assert.Equal(0, (await _scene.Sweep.RunAsync(100)).Looked);
        for (var minute = 0; minute < 20; minute++)
        {
            _scene.Clock.Advance(TimeSpan.FromMinutes(1));
            await _scene.Sweep.RunAsync(100);
        }

        Assert.Equal(end, (await _scene.MessageAsync(recorded!.Id)).Payment);
        Assert.Equal(available, await _tenant.AvailableAsync());
        Assert.Equal(wasAsked ? 1 : 0, await _scene.Sandbox.Twilio.SentCountAsync());
    }

    // A slow process: the sweep had time to settle the message before its sender writes the answer.
    [Fact]
    public async Task An_answer_that_comes_after_the_sweep_changes_nothing()
    {
        var (recorded, _) = await _scene.Sms.RecordAsync(
            _tenant.Id, Unit.Credits, new SendSms(_handset, "Hello"), "k", CancellationToken.None);
        var said = await _scene.Sms.AskAsync(recorded!);
        _scene.Clock.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal(1, (await _scene.Sweep.RunAsync(100)).Found);

        Assert.True((await _scene.Sms.FinishAsync(recorded!, said)).IsSent);
        await _tenant.Books.AssertBooksBalanceAsync(95);
        Assert.Equal(95, await _tenant.AvailableAsync());
    }

    // Three alike: one lost on the way, two lost on the way back. Each of the provider's two belongs to one of ours.
    [Fact]
    public async Task Twins_share_the_providers_messages_fairly()
    {
        await _scene.Sandbox.FaultAsync("timeout_after", "twilio", "Messages");
        await _tenant.SendAsync(_handset);
        await _scene.Sandbox.FaultAsync("disconnect", "twilio", "Messages");
        await _tenant.SendAsync(_handset);
        await _scene.Sandbox.FaultAsync("timeout_after", "twilio", "Messages");
        await _tenant.SendAsync(_handset);

        for (var minute = 0; minute < 20; minute++)
        {
            await _scene.Sweep.RunAsync(100);
            _scene.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        var messages = await _tenant.MessagesAsync();
        Assert.Equal(2, messages.Count(message => message.Payment is SmsPayment.Charged));
        Assert.Equal(1, messages.Count(message => message.State is SmsState.Refused));
        Assert.Equal(2, messages.Select(message => message.ProviderSid).OfType<string>().Distinct().Count());
        await _tenant.Books.AssertBooksBalanceAsync(90);
    }

    // A is lost before the provider had it; its twin B has been taken and has not written its answer yet.
    [Fact]
    public async Task A_lost_message_does_not_take_what_belongs_to_a_twin_under_way()
    {
        await _scene.Sandbox.FaultAsync("disconnect", "twilio", "Messages");
        var lost = await _tenant.SendAsync(_handset);
        var (twin, _) = await _scene.Sms.RecordAsync(
            _tenant.Id, Unit.Credits, new SendSms(_handset, "Hello"), "twin", CancellationToken.None);
        var said = await _scene.Sms.AskAsync(twin!);

        Assert.Equal(0, (await _scene.Sweep.RunAsync(100)).Found);
        Assert.True((await _scene.Sms.FinishAsync(twin!, said)).IsSent);
        for (var minute = 0; minute < 20; minute++)
        {
            _scene.Clock.Advance(TimeSpan.FromMinutes(1));
            await _scene.Sweep.RunAsync(100);
        }

        Assert.Equal(SmsState.Refused, (await _scene.MessageAsync(lost.Message!.Id)).State);
        await _tenant.Books.AssertBooksBalanceAsync(95);
    }

    // Callbacks are lost: looked up after an hour, and for four days; then it stays as it is, visibly.
    [Fact]
    public async Task A_message_without_its_end_is_looked_up_and_given_up_after_days()
    {
        var lost = await _tenant.SendAsync(_handset);
        var silent = await _tenant.SendAsync("+16285550027");
        await _scene.Sandbox.WebhooksIdleAsync();
        _scene.TakeNews();

        _scene.Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(0, (await _scene.Sweep.RunAsync(100)).Looked);
        _scene.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(2, (await _scene.Sweep.RunAsync(100)).Looked);
        Assert.Equal(SmsState.Delivered, (await _scene.MessageAsync(lost.Message!.Id)).State);
        var looks = 0;
        for (var hour = 0; hour < 24 * 7; hour++)
        {
            _scene.Clock.Advance(TimeSpan.FromHours(1));
            looks += (await _scene.Sweep.RunAsync(100)).Looked;
        }

        var end = await _scene.MessageAsync(silent.Message!.Id);
        Assert.InRange(looks, 5, 12);
        Assert.Equal((SmsState.Sent, true), (end.State, end.IsWithoutReport));
        await _tenant.Books.AssertBooksBalanceAsync(90);
    }

    // Ten lost ones, two sweeps at once: each is looked at by one.
    [Fact]
    public async Task Two_sweeps_at_once_do_not_look_twice()
    {
        await _scene.Sandbox.FaultAsync("timeout_after", "twilio", "Messages", count: 10);
        for (var i = 0; i < 10; i++)
        {
            await _tenant.SendAsync(SandboxTwilio.NewHandset(), key: $"k{i}");
        }

        var reports = await Task.WhenAll(_scene.Sweep.RunAsync(100), _scene.Sweep.RunAsync(100));

        Assert.Equal((10, 10), (reports.Sum(one => one.Looked), reports.Sum(one => one.Found)));
        await _tenant.Books.AssertBooksBalanceAsync(50);
    }
}
