using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.Sandbox;

/// <summary>What was acknowledged is there after a restart, idempotent answers and unsent webhooks included.</summary>
public sealed class SandboxRestartTests : IAsyncLifetime
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"sandbox-{Guid.CreateVersion7():N}");
    private readonly SandboxFixture _sandbox = new();

    private string StateFile => Path.Combine(_folder, "sandbox.jsonl");

    public async ValueTask InitializeAsync() => await _sandbox.StartAsync(_folder);

    public async ValueTask DisposeAsync()
    {
        await _sandbox.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_payment_and_its_key_survive()
    {
        var customer = await _sandbox.Stripe.CustomerAsync();
        var card = await _sandbox.Stripe.SavedCardAsync(customer);
        var first = await _sandbox.Stripe.ChargeOffSessionAsync(customer, card, 2200, "attempt-1");
        await _sandbox.AdvanceClockAsync(TimeSpan.FromHours(3));

        await RestartAsync();
        var again = await _sandbox.Stripe.ChargeOffSessionAsync(customer, card, 2200, "attempt-1");

        Assert.True(again.IsReplayed);
        Assert.Equal(first.Body, again.Body);
        Assert.Equal(1, (await _sandbox.PaymentsAsync(customer)).SucceededCharges);
        Assert.Equal("succeeded", (await _sandbox.Stripe.ChargeOffSessionAsync(customer, card)).Text("status"));
        var clock = await _sandbox.Http.GetStringAsync("clock");
        Assert.Contains("\"offsetSeconds\":10800", clock, StringComparison.Ordinal);
    }

    // A kill in the middle of a write leaves half a line behind; what stood before it is whole.
    [Fact]
    public async Task Half_a_line_at_the_end_is_forgotten()
    {
        var customer = await _sandbox.Stripe.CustomerAsync();
        await _sandbox.StopAsync();
        await File.AppendAllTextAsync(StateFile, "[{\"kind\":\"Customer\",\"value\":{\"id\":\"cus_ha");

        await _sandbox.StartAsync(_folder);
        var later = await _sandbox.Stripe.CustomerAsync();
        await RestartAsync();

        Assert.Equal(customer, (await _sandbox.Stripe.GetAsync($"customers/{customer}")).Id);
        Assert.Equal(later, (await _sandbox.Stripe.GetAsync($"customers/{later}")).Id);
    }

    [Fact]
    public async Task A_webhook_that_was_not_taken_is_sent_after_the_restart()
    {
        await using var deaf = await WebhookReceiver.StartAsync();
        await _sandbox.SendWebhooksToAsync(deaf.Address);
        await _sandbox.SpoilWebhooksAsync("delay", milliseconds: 1_000);
        await _sandbox.Stripe.CustomerAsync();
        await _sandbox.StopAsync();
        Assert.Empty(deaf.Received);

        await using var portal = await WebhookReceiver.StartAsync();
        await _sandbox.StartAsync(_folder, portal.Address);
        await _sandbox.WebhooksIdleAsync();

        Assert.Single(portal.Received);
    }

    [Fact]
    public async Task Numbers_conversations_opt_outs_and_messages_on_their_way_survive()
    {
        var number = await _sandbox.Twilio.OwnNumberAsync();
        var handset = SandboxTwilio.NewHandset();
        await _sandbox.Twilio.WriteAsync(handset, number, "STOP");
        await _sandbox.Twilio.TakeTimeAsync(3600, 3600);
        await using var portal = await WebhookReceiver.StartAsync();
        var sent = await _sandbox.Twilio.SendAsync(number, SandboxTwilio.NewHandset(), "Hello", portal.Address);

        await RestartAsync();
        await UntilAsync(() => portal.Received.Count >= 2);
        await _sandbox.WebhooksIdleAsync();
        Assert.Equal(["sent", "delivered"], portal.Received.Select(one => one.Form["MessageStatus"]));

        Assert.Equal(21610, (await _sandbox.Twilio.SendAsync(number, handset, "Hello?")).Code);
        Assert.Equal(2, (await _sandbox.Twilio.ConversationAsync(number, handset)).Count);
        Assert.Equal("delivered", (await _sandbox.Twilio.GetAsync($"Messages/{sent.Sid}.json")).Text("status"));
        Assert.Equal(21422, (await _sandbox.Twilio.PostAsync("IncomingPhoneNumbers.json", ("PhoneNumber", number))).Code);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            await Task.Delay(20, patience.Token);
        }
    }

    private async Task RestartAsync()
    {
        await _sandbox.StopAsync();
        await _sandbox.StartAsync(_folder);
    }
}
