using System.Net.Http.Json;
using BillingPortal.Kernel;
using BillingPortal.Purchases;

namespace BillingPortal.Tests.Purchases;

/// <summary>Buying on Stripe's hosted page.</summary>
public sealed class CheckoutTests(PaidPortal portal) : IClassFixture<PaidPortal>, IAsyncLifetime
{
    private static readonly StartPurchase Hundred = new() { CustomCredits = 100 };

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await portal.Sandbox.ResetAsync();

    [Fact]
    public async Task A_paid_session_brings_the_credits_once_whoever_reports_it()
    {
        var buyer = await portal.BuyerAsync();
        var started = await StartAsync(buyer);
        await PayAsync(started);

        var reports =
            await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => portal.Checkout.RefreshAsync(started.SessionId!)));

        Assert.All(reports, purchase => Assert.Equal(PurchaseState.Settled, purchase!.State));
        await buyer.AssertBoughtOnceAsync(credits: 100, cents: 280);
        Assert.Single(await portal.Cards.ListAsync(buyer.Id));
    }

    // "payment_intent.succeeded" may be heard before "checkout.session.completed".
    [Fact]
    public async Task The_intent_may_be_heard_of_before_the_session()
    {
        var buyer = await portal.BuyerAsync();
        var started = await StartAsync(buyer);
        await PayAsync(started);
        var session = await portal.Sandbox.Stripe.GetAsync($"checkout/sessions/{started.SessionId}");

        var result = await portal.Purchases.SettleAsync(session.Text("payment_intent")!);

        Assert.Equal(SettleOutcome.Settled, result.Outcome);
        Assert.Equal(PurchaseState.Settled, (await portal.Checkout.RefreshAsync(started.SessionId!))!.State);
        await buyer.AssertBoughtOnceAsync(credits: 100, cents: 280);
    }

    [Fact]
    public async Task An_unpaid_session_credits_nothing_and_ends_when_it_expires()
    {
        var buyer = await portal.BuyerAsync();
        var started = await StartAsync(buyer);
        Assert.Equal(PurchaseState.Started, (await portal.Checkout.RefreshAsync(started.SessionId!))!.State);

        await portal.Sandbox.Stripe.PostAsync($"checkout/sessions/{started.SessionId}/expire");

        Assert.Equal(PurchaseState.Canceled, (await portal.Checkout.RefreshAsync(started.SessionId!))!.State);
        Assert.Equal(0, await buyer.BalanceAsync());
    }

    [Fact]
    public async Task Leaving_the_page_closes_it()
    {
        var buyer = await portal.BuyerAsync();
        var started = await StartAsync(buyer);
        var open = (await portal.Checkout.RefreshAsync(started.SessionId!))!;

        var left = await portal.Checkout.CancelAsync(open);

        Assert.Equal(PurchaseState.Canceled, left.State);
        Assert.Equal(
            "expired", (await portal.Sandbox.Stripe.GetAsync($"checkout/sessions/{started.SessionId}")).Text("status"));
    }

    [Fact]
    public async Task The_same_key_leads_to_the_same_session()
    {
        var buyer = await portal.BuyerAsync();
        var key = Ids.New().ToString();

        var first = await portal.Checkout.StartAsync(buyer.Id, Hundred, key);
        var second = await portal.Checkout.StartAsync(buyer.Id, Hundred, key);
        var other = await portal.Checkout.StartAsync(buyer.Id, Buyer.Package250, key);

        Assert.Equal(first, second);
        Assert.Equal(StartOutcome.KeyReused, other.Outcome);
    }

    [Fact]
    public async Task A_lost_answer_leads_to_the_same_session_too()
    {
        var buyer = await portal.BuyerAsync();
        var key = Ids.New().ToString();
        await portal.Sandbox.FaultAsync("timeout_after", path: "checkout/sessions");

        var lost = await portal.Checkout.StartAsync(buyer.Id, Hundred, key);
        var found = await portal.Checkout.StartAsync(buyer.Id, Hundred, key);

        Assert.Equal((StartOutcome.Unreachable, StartOutcome.Ready), (lost.Outcome, found.Outcome));
        var listed = (await portal.Sandbox.Stripe.GetAsync(
            $"checkout/sessions?customer={buyer.CustomerId}")).Json["data"]!.AsArray();
        Assert.Equal(found.SessionId, (string?)Assert.Single(listed)!["id"]);
    }

    // The buyer paid, closed the browser, and the webhook was lost.
    [Fact]
    public async Task A_paid_session_that_nobody_reported_is_settled_by_the_reconciliation()
    {
        var buyer = await portal.BuyerAsync();
        var started = await StartAsync(buyer);
        await PayAsync(started);
        var open = (await PurchaseOfAsync(buyer))!;
        await portal.BackdateAsync(open.Id, "updated_at = updated_at - interval '20 minutes'");

        await portal.Reconcile.ReconcileAsync(100);

        await buyer.AssertBoughtOnceAsync(credits: 100, cents: 280);
    }

    [Fact]
    public async Task Another_tenants_session_is_not_shown()
    {
        var (buyer, other) = (await portal.BuyerAsync(), await portal.BuyerAsync());
        var started = await StartAsync(buyer);

        Assert.Null(await portal.Checkout.RefreshAsync(started.SessionId!, other.Id));
    }

    private async Task<Purchase?> PurchaseOfAsync(Buyer buyer) =>
        (await new PurchaseReader(portal.Database).ListAsync(buyer.Id, 1)).SingleOrDefault();

    private async Task<CheckoutStarted> StartAsync(Buyer buyer)
    {
        var started = await portal.Checkout.StartAsync(buyer.Id, Hundred, Ids.New().ToString());
        Assert.Equal(StartOutcome.Ready, started.Outcome);
        return started;
    }

    private async Task PayAsync(CheckoutStarted started)
    {
        using var answer = await portal.Sandbox.Http.PostAsJsonAsync(
            $"checkout/{started.SessionId}/pay", new { paymentMethod = "pm_card_visa" });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }
}
