using BillingPortal.Cards;
using BillingPortal.Jobs;
using BillingPortal.Kernel;
using BillingPortal.Webhooks;
using Microsoft.Extensions.DependencyInjection;
using static BillingPortal.Tests.Webhooks.StripeSigner;

namespace BillingPortal.Tests.Webhooks;

/// <summary>From the sandbox's webhooks to the balance, whatever order or number they come in.</summary>
public sealed class InboxTests(WebhookPortal portal) : IClassFixture<WebhookPortal>, IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await portal.Sandbox.ResetAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_payment_is_credited_by_its_webhook_alone()
    {
        await portal.Sandbox.SendWebhooksToAsync(portal.Address);
        var (tenant, intentId) = await portal.BeginPurchaseAsync();

        await portal.PayAsync(intentId);

        var rows = await portal.UntilAsync(intentId, Handled("payment_intent.succeeded"));
        Assert.Equal(250, await portal.BalanceAsync(tenant));
        Assert.All(rows, row => Assert.Equal(1, row.Attempts));
    }

    // A declined card, then a good one; the news of both arrive late, the newest first, each twice and with a twin.
    [Fact]
    public async Task Reordered_repeated_and_twin_events_credit_once_and_undo_nothing()
    {
        await portal.Sandbox.SendWebhooksToAsync(portal.Address);
        await portal.Sandbox.SpoilWebhooksAsync("twin", "payment_intent.succeeded");
        await portal.Sandbox.HoldWebhooksAsync();
        var (tenant, intentId) = await portal.BeginPurchaseAsync();
        await portal.PayAsync(intentId, "pm_card_visa_chargeDeclined");
        await portal.PayAsync(intentId);

        await portal.Sandbox.ReleaseWebhooksAsync(newestFirst: true);
        var rows = await portal.UntilAsync(intentId, rows =>
            Handled("payment_intent.payment_failed")(rows) && Handled("payment_intent.succeeded")(rows)
            && rows.TrueForAll(row => row.State is not EventState.Pending));
        foreach (var row in rows)
        {
            Assert.True(await portal.Inbox.ReplayAsync(row.Id));
        }

        await portal.UntilAsync(intentId, again => again.TrueForAll(row => row.State is not EventState.Pending));
        Assert.Equal(250, await portal.BalanceAsync(tenant));
        var customer = await portal.Services.GetRequiredService<CardService>().EnsureCustomerAsync(tenant.Id);
        Assert.Equal(1, (await portal.Sandbox.PaymentsAsync(customer)).SucceededCharges);
    }

    [Fact]
    public async Task Unknown_types_are_ignored_and_warnings_of_fraud_are_kept_for_people()
    {
        var (unknown, warning) = ($"evt_{Ids.New():N}", $"evt_{Ids.New():N}");
        await ReceiveAsync(unknown, "terminal.reader.action_succeeded", "tmr_1");
        await ReceiveAsync(warning, "radar.early_fraud_warning.created", "issfr_1");

        await portal.Drain.DrainAsync();

        await UntilAsync("tmr_1", EventState.Ignored);
        await UntilAsync("issfr_1", EventState.Kept);
    }

    [Fact]
    public async Task A_refund_made_at_Stripe_takes_its_credits_back()
    {
        await portal.Sandbox.SendWebhooksToAsync(portal.Address);
        var (tenant, intentId) = await portal.BeginPurchaseAsync();
        await portal.PayAsync(intentId);
        await portal.UntilAsync(intentId, Handled("payment_intent.succeeded"));

        var refund = await portal.Sandbox.Stripe.PostAsync("refunds", ("payment_intent", intentId), ("amount", "325"));

        await portal.UntilAsync(refund.Id, Handled("refund.created"));
        await portal.UntilAsync(refund.Text("charge")!, Handled("charge.refunded"));
        Assert.Equal(125, await portal.BalanceAsync(tenant));
    }

    [Fact]
    public async Task An_object_that_is_not_ours_is_ignored()
    {
        await ReceiveAsync($"evt_{Ids.New():N}", "payment_intent.succeeded", "pi_of_another_account");

        await UntilAsync("pi_of_another_account", EventState.Ignored);
    }

    // Stripe cannot be read when the event is handled: it waits, and is handled once Stripe answers.
    [Fact]
    public async Task A_failure_waits_and_is_tried_again()
    {
        await portal.Sandbox.HoldWebhooksAsync();
        var (tenant, intentId) = await portal.BeginPurchaseAsync();
        await portal.PayAsync(intentId);
        await portal.Sandbox.FaultAsync("error", path: intentId, method: "GET");
        await ReceiveAsync($"evt_{Ids.New():N}", "payment_intent.succeeded", intentId);
        await portal.UntilAsync(intentId, rows => rows.Exists(row => row.LastError is not null));

        await portal.Sandbox.AdvanceClockAsync(TimeSpan.FromSeconds(6));
        await portal.Drain.DrainAsync();

        await UntilAsync(intentId, EventState.Handled);
        Assert.Equal(250, await portal.BalanceAsync(tenant));
    }

    [Fact]
    public async Task A_payment_whose_webhooks_were_lost_is_found_by_the_hourly_look()
    {
        await portal.Sandbox.SendWebhooksToAsync(new Uri("http://127.0.0.1:9/"));
        var (tenant, intentId) = await portal.BeginPurchaseAsync();
        await portal.PayAsync(intentId);

        var runner = portal.Services.GetRequiredService<JobRunner>();
        var run = await runner.RunAsync("reconcile");

        Assert.True(run.Succeeded, run.Text);
        var rows = await portal.UntilAsync(intentId, Handled("payment_intent.succeeded"));
        Assert.All(rows, row => Assert.Equal(EventSource.Fetched, row.Source));
        Assert.Equal(250, await portal.BalanceAsync(tenant));

        var again = await portal.Services.GetRequiredService<StripeEventCatchUp>().RunAsync();
        Assert.Equal(0, again.Missed);
    }

    private static Func<List<WebhookEvent>, bool> Handled(string type) =>
        rows => rows.Exists(row => row.Type == type && row.State is EventState.Handled);

    private async Task ReceiveAsync(string id, string type, string objectId)
    {
        var body = Event(id, type, objectId);
        Assert.Equal(System.Net.HttpStatusCode.OK, await portal.PostAsync(body, Header(body, portal.Now, Secret)));
    }

    private async Task UntilAsync(string objectId, EventState state) =>
        await portal.UntilAsync(objectId, rows => rows.Exists(row => row.State == state));
}
