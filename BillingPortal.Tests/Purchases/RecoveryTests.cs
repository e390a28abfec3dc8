using BillingPortal.Kernel;
using BillingPortal.Purchases;

namespace BillingPortal.Tests.Purchases;

/// <summary>
/// The same purchase, broken off at each line: a lost answer, a cut connection, a dead browser, a dead process. Nobody
/// is charged twice, nothing paid is lost, nothing stays unknown.
/// </summary>
public sealed class RecoveryTests(PaidPortal portal) : IClassFixture<PaidPortal>, IAsyncLifetime
{
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await portal.Sandbox.ResetAsync();

    // Stripe made the intent, and its answer was lost: repeating the call under the same key finds it.
    [Theory]
    [InlineData("disconnect")]
    [InlineData("timeout_after")]
    [InlineData("error_after")]
    [InlineData("rate_limit")]
    public async Task A_lost_answer_to_the_creation_is_found_under_the_same_key(string fault)
    {
        var buyer = await portal.BuyerAsync();
        var key = Ids.New().ToString();
        await portal.Sandbox.FaultAsync(fault, path: "payment_intents");

        var lost = await buyer.StartAsync(key: key);
        var again = await buyer.StartAsync(key: key);

        Assert.Equal(StartOutcome.Unreachable, lost.Outcome);
        Assert.Equal((StartOutcome.Ready, lost.Purchase!.Id), (again.Outcome, again.Purchase!.Id));
        await buyer.ConfirmAsync(again);
        await portal.Purchases.SettleAsync(again.Purchase.PaymentIntentId!);
        await buyer.AssertBoughtOnceAsync(credits: 250, cents: 650);
    }

    // The charge went through and the answer was lost: until it is known nobody may charge again.
    [Theory]
    [InlineData("timeout_after")]
    [InlineData("error_after")]
    public async Task A_charge_without_an_answer_is_looked_up_and_never_repeated(string fault)
    {
        var buyer = await portal.BuyerAsync();
        var card = await buyer.SaveCardAsync();
        var key = Ids.New().ToString();
        await portal.Sandbox.FaultAsync(fault, path: "/confirm");

        var lost = await buyer.StartAsync(Buyer.Package250 with { PaymentMethodId = card }, key);
        var pressedAgain = await buyer.StartAsync(Buyer.Package250 with { PaymentMethodId = card }, key);

        Assert.Equal((StartOutcome.Checking, StartOutcome.Checking), (lost.Outcome, pressedAgain.Outcome));
        await portal.BackdateAsync(lost.Purchase!.Id, "asked_at = asked_at - interval '1 minute'");
        var sweep = await portal.Reconcile.SweepUnknownAsync(100);
        Assert.True(sweep.Settled >= 1);
        await buyer.AssertBoughtOnceAsync(credits: 250, cents: 650);
    }

    [Fact]
    public async Task A_charge_that_never_arrived_charges_nothing_and_may_be_tried_again()
    {
        var buyer = await portal.BuyerAsync();
        var card = await buyer.SaveCardAsync();
        var key = Ids.New().ToString();
        await portal.Sandbox.FaultAsync("disconnect", path: "/confirm");

        var lost = await buyer.StartAsync(Buyer.Package250 with { PaymentMethodId = card }, key);
        await portal.BackdateAsync(lost.Purchase!.Id, "asked_at = asked_at - interval '1 minute'");
        await portal.Reconcile.SweepUnknownAsync(100);

        Assert.Null((await portal.PurchaseAsync(lost.Purchase.Id)).AskedAt);
        var again = await buyer.StartAsync(Buyer.Package250 with { PaymentMethodId = card }, key);
        Assert.Equal(StartOutcome.Settled, again.Outcome);
        await buyer.AssertBoughtOnceAsync(credits: 250, cents: 650);
    }

    // While Stripe is down the sweep changes nothing; the first sweep after it settles.
    [Fact]
    public async Task An_outage_of_the_lookup_is_waited_out()
    {
        var buyer = await portal.BuyerAsync();
        var card = await buyer.SaveCardAsync();
        await portal.Sandbox.FaultAsync("timeout_after", path: "/confirm");
        var lost = await buyer.StartAsync(Buyer.Package250 with { PaymentMethodId = card });
        await portal.BackdateAsync(lost.Purchase!.Id, "asked_at = asked_at - interval '1 minute'");

        await portal.Sandbox.FaultAsync("error", path: "payment_intents", method: "GET", count: null);
        Assert.True((await portal.Reconcile.SweepUnknownAsync(100)).Failed >= 1);
        Assert.Equal(PurchaseState.Started, (await portal.PurchaseAsync(lost.Purchase.Id)).State);

        await portal.Sandbox.ResetAsync();
        await portal.Reconcile.SweepUnknownAsync(100);
        await buyer.AssertBoughtOnceAsync(credits: 250, cents: 650);
    }

    // The process died after recording the purchase and before asking Stripe.
    [Fact]
    public async Task A_purchase_that_was_only_recorded_is_taken_up_by_the_sweep()
    {
        var buyer = await portal.BuyerAsync();
        await portal.Sandbox.FaultAsync("disconnect", path: "payment_intents");
        var dead = await buyer.StartAsync();
        await portal.BackdateAsync(dead.Purchase!.Id, "asked_at = asked_at - interval '1 minute'");

        await portal.Reconcile.SweepUnknownAsync(100);

        var found = await portal.PurchaseAsync(dead.Purchase.Id);
        Assert.Equal(PurchaseState.Started, found.State);
        Assert.NotNull(found.PaymentIntentId);
        Assert.Null(found.AskedAt);
    }

    // Stripe's keys are forgotten after a day: then the list is read, and an intent is found by what we wrote on it.
    [Fact]
    public async Task After_a_day_the_lost_intent_is_found_in_the_list()
    {
        var buyer = await portal.BuyerAsync();
        await portal.Sandbox.FaultAsync("timeout_after", path: "payment_intents");
        var lost = await buyer.StartAsync();
        await portal.BackdateAsync(lost.Purchase!.Id,
            "created_at = created_at - interval '23.5 hours', asked_at = asked_at - interval '23.5 hours'");

        await portal.Reconcile.SweepUnknownAsync(100);

        Assert.NotNull((await portal.PurchaseAsync(lost.Purchase.Id)).PaymentIntentId);
    }

    [Fact]
    public async Task After_a_day_a_purchase_that_never_reached_Stripe_is_ended()
    {
        var buyer = await portal.BuyerAsync();
        await portal.Sandbox.FaultAsync("disconnect", path: "payment_intents");
        var lost = await buyer.StartAsync();
        await portal.BackdateAsync(lost.Purchase!.Id,
            "created_at = created_at - interval '25 hours', asked_at = asked_at - interval '25 hours'");

        await portal.Reconcile.SweepUnknownAsync(100);

        Assert.Equal(PurchaseState.Canceled, (await portal.PurchaseAsync(lost.Purchase.Id)).State);
    }

    // The browser paid and died; the webhook was lost. The hourly run finds the money.
    [Fact]
    public async Task A_payment_that_nobody_reported_is_settled_by_the_reconciliation()
    {
        var buyer = await portal.BuyerAsync();
        var start = await buyer.StartAsync();
        await buyer.ConfirmAsync(start);
        await portal.BackdateAsync(start.Purchase!.Id, "updated_at = updated_at - interval '16 minutes'");

        await Task.WhenAll(portal.Reconcile.ReconcileAsync(100), portal.Reconcile.ReconcileAsync(100));

        await buyer.AssertBoughtOnceAsync(credits: 250, cents: 650);
    }

    [Theory]
    [InlineData(false, PurchaseState.Canceled)]
    [InlineData(true, PurchaseState.Failed)]
    public async Task After_a_day_an_unpaid_purchase_is_given_up_and_can_no_longer_be_paid(
        bool wasDeclined, PurchaseState end)
    {
        var buyer = await portal.BuyerAsync();
        var start = await buyer.StartAsync();
        if (wasDeclined)
        {
            await buyer.ConfirmAsync(start, "pm_card_visa_chargeDeclined");
            await portal.Purchases.SettleAsync(start.Purchase!.PaymentIntentId!);
        }

        await portal.BackdateAsync(start.Purchase!.Id,
            "created_at = created_at - interval '25 hours', updated_at = updated_at - interval '25 hours'");
        await portal.Reconcile.ReconcileAsync(100);

        Assert.Equal(end, (await portal.PurchaseAsync(start.Purchase.Id)).State);
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, (await buyer.ConfirmAsync(start)).Status);
        Assert.Equal(0, (await buyer.ChargesAsync()).SucceededCharges);
    }

    // The settlement's transaction fails after the posting: nothing stands, and the next report settles.
    [Fact]
    public async Task A_crash_in_the_settlement_leaves_nothing_half_done()
    {
        var buyer = await portal.BuyerAsync();
        var start = await buyer.StartAsync();
        await buyer.ConfirmAsync(start);
        await using (var ops = await portal.Database.BeginOpsAsync())
        {
            // Holds the purchase's row while the first settlement waits for it, and lets that one be cancelled.
            await using var hold = ops.Command("SELECT 1 FROM purchases WHERE id = $1 FOR UPDATE", start.Purchase!.Id);
            await hold.ExecuteNonQueryAsync();
            using var dying = new CancellationTokenSource(TimeSpan.FromMilliseconds(400));
            await Assert.ThrowsAnyAsync<Exception>(
                () => portal.Purchases.SettleAsync(start.Purchase.PaymentIntentId!, dying.Token));
        }

        Assert.Equal(0, await buyer.BalanceAsync());
        await portal.Purchases.SettleAsync(start.Purchase!.PaymentIntentId!);
        await buyer.AssertBoughtOnceAsync(credits: 250, cents: 650);
    }

    [Fact]
    public async Task A_refused_request_is_not_an_unknown_outcome()
    {
        var buyer = await portal.BuyerAsync();
        var card = await buyer.SaveCardAsync();
        var start = await buyer.StartAsync();
        await portal.Sandbox.Stripe.PostAsync($"payment_intents/{start.Purchase!.PaymentIntentId}/cancel");

        var paid = await buyer.StartAsync(
            Buyer.Package250 with { PaymentMethodId = card }, (
                await portal.PurchaseAsync(start.Purchase.Id)).AttemptKey);

        Assert.Equal((StartOutcome.Ended, PurchaseState.Canceled), (paid.Outcome, paid.Purchase!.State));
    }
}
