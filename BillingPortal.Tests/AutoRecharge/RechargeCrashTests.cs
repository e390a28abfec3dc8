using BillingPortal.AutoRecharge;
using BillingPortal.Purchases;
using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.AutoRecharge;

/// <summary>
/// The provider answers late, twice or never, and the process dies between any two steps: a new instance goes on where
/// the rows say, nobody is charged twice, nothing paid is lost, nothing stays open.
/// </summary>
public sealed class RechargeCrashTests(RechargeWorld world) : IClassFixture<RechargeWorld>, IAsyncLifetime
{
    private const string Refusing = "pm_card_chargeCustomerFail";

    public async ValueTask InitializeAsync() => await world.Sandbox.ResetAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // disconnect and error: nothing ran. timeout_after and error_after: the charge was made, its answer lost.
    [Theory]
    [InlineData("disconnect")]
    [InlineData("error")]
    [InlineData("rate_limit")]
    [InlineData("timeout_after")]
    [InlineData("error_after")]
    public async Task An_unknown_outcome_is_asked_for_again_and_charged_once(string fault)
    {
        var payer = await world.PayerAsync(90);
        await world.Sandbox.FaultAsync(fault, path: "payment_intents");

        Assert.Equal(AttemptState.Unknown, (await payer.RunAsync()).State);
        Assert.Equal(RechargeReason.InFlight, (await payer.RunAsync(RechargeTrigger.Manual)).Reason);
        await ResumeAsync(payer);

        Assert.Equal(AttemptState.Succeeded, (await payer.LastAttemptAsync()).State);
        await payer.AssertPaidOnceAsync(cents: 650, balance: 360);
    }

    [Theory]
    [InlineData("disconnect")]
    [InlineData("error")]
    [InlineData("timeout_after")]
    [InlineData("error_after")]
    public async Task An_unknown_outcome_of_the_second_card_never_goes_on_to_a_third(string fault)
    {
        var payer = await world.PayerAsync(90, [Refusing, "pm_card_visa", "pm_card_mastercard"]);
        await world.Sandbox.FaultAsync(fault, path: "/confirm");

        Assert.Equal(AttemptState.Unknown, (await payer.RunAsync()).State);
        await ResumeAsync(payer);

        var attempt = await payer.LastAttemptAsync();
        Assert.Equal((AttemptState.Succeeded, 1), (attempt.State, attempt.CardIndex));
        await payer.AssertPaidOnceAsync(cents: 650, balance: 360);
    }

    [Fact]
    public async Task While_somebody_works_on_an_attempt_nobody_else_takes_it_up()
    {
        var payer = await world.PayerAsync(90);
        await world.Sandbox.FaultAsync("disconnect", path: "payment_intents");
        await payer.RunAsync();

        await world.First.ResumeAsync();

        Assert.Equal(AttemptState.Unknown, (await payer.LastAttemptAsync()).State);
    }

    // A 500 that is stored under the key is the answer for ever; after a minute without any intent it is taken for one.
    [Fact]
    public async Task A_stored_error_without_a_payment_is_given_up_and_counts_as_no_failure()
    {
        var payer = await world.PayerAsync(90);
        await world.Sandbox.FaultAsync("error_stored", path: "payment_intents");
        await payer.RunAsync();
        await ResumeAsync(payer);
        Assert.Equal(AttemptState.Unknown, (await payer.LastAttemptAsync()).State);

        await payer.RewindAsync("asked_at = clock_timestamp() - interval '61 seconds'");
        await ResumeAsync(payer);

        Assert.Equal(AttemptState.Canceled, (await payer.LastAttemptAsync()).State);
        Assert.Equal(
            (0, 0), ((await payer.RuleAsync()).ConsecutiveFailures, (await payer.ChargesAsync()).SucceededCharges));
        Assert.Equal(RechargeReason.Cooldown, (await payer.RunAsync()).Reason);
    }

    [Fact]
    public async Task A_stored_error_of_the_second_card_is_given_up_and_its_payment_cancelled()
    {
        var payer = await world.PayerAsync(90, [Refusing, "pm_card_visa"]);
        await world.Sandbox.FaultAsync("error_stored", path: "/confirm");
        await payer.RunAsync();
        await payer.RewindAsync("asked_at = clock_timestamp() - interval '61 seconds'");

        await ResumeAsync(payer);

        var attempt = await payer.LastAttemptAsync();
        Assert.Equal((AttemptState.Canceled, false), (attempt.State, attempt.IsCancelDue));
        var intent = await world.Sandbox.Stripe.GetAsync($"payment_intents/{attempt.PaymentIntentId}");
        Assert.Equal("canceled", intent.Text("status"));
    }

    [Theory]
    [InlineData("state = 'recorded', reached_card = false, asked_at = NULL")] // died before the first call
    [InlineData("state = 'charging'")] // died with the call under way
    public async Task A_crash_before_the_answer_is_made_up_for_by_a_new_instance(string rows)
    {
        var payer = await world.PayerAsync(90);
        await world.Sandbox.FaultAsync("disconnect", path: "payment_intents");
        await payer.RunAsync();
        await payer.RewindAsync(rows);

        await ResumeAsync(payer);

        await payer.AssertPaidOnceAsync(cents: 650, balance: 360);
        Assert.Equal(AttemptState.Succeeded, (await payer.LastAttemptAsync()).State);
    }

    [Fact]
    public async Task A_crash_after_the_settlement_ends_the_attempt_and_mails_once()
    {
        var payer = await world.PayerAsync(90);
        await payer.RunAsync();
        await payer.RewindAsync("state = 'charging', ended_at = NULL");

        await ResumeAsync(payer);
        await world.First.DeliverAsync();

        Assert.Equal(AttemptState.Succeeded, (await payer.LastAttemptAsync()).State);
        await payer.AssertPaidOnceAsync(cents: 650, balance: 360);
        Assert.Single(await payer.MailsAsync());
    }

    [Fact]
    public async Task A_crash_before_the_next_card_goes_on_with_it()
    {
        var payer = await world.PayerAsync(90, [Refusing, "pm_card_visa"]);
        await world.Sandbox.FaultAsync("disconnect", path: "/confirm");
        await payer.RunAsync();
        await payer.RewindAsync("state = 'charging'");

        await ResumeAsync(payer);

        await payer.AssertPaidOnceAsync(cents: 650, balance: 360);
    }

    [Fact]
    public async Task A_crash_before_a_refused_payment_is_cancelled_cancels_it_later()
    {
        var payer = await world.PayerAsync(90, [Refusing]);
        await world.Sandbox.FaultAsync("disconnect", path: "/cancel");
        await payer.RunAsync();
        Assert.True((await payer.LastAttemptAsync()).IsCancelDue);

        await ResumeAsync(payer);

        var attempt = await payer.LastAttemptAsync();
        Assert.False(attempt.IsCancelDue);
        Assert.Equal(PurchaseState.Failed, (await payer.PurchaseAsync(attempt.Id)).State);
    }

    // The settlement needs Stripe once more: a fault there leaves the attempt open, and paid once all the same.
    [Fact]
    public async Task A_fault_between_charge_and_settlement_is_made_up_for()
    {
        var payer = await world.PayerAsync(90);
        await world.Sandbox.FaultAsync("error", path: "payment_intents", method: "GET");
        await payer.RunAsync();

        await ResumeAsync(payer);

        Assert.Equal(AttemptState.Succeeded, (await payer.LastAttemptAsync()).State);
        await payer.AssertPaidOnceAsync(cents: 650, balance: 360);
    }

    // Stripe has forgotten the key: asking again would be a new charge, so it only looks.
    [Theory]
    [InlineData("timeout_after", AttemptState.Succeeded, 1)]
    [InlineData("disconnect", AttemptState.Canceled, 0)]
    public async Task After_the_keys_life_it_looks_and_never_charges_anew(
        string fault, AttemptState expected, int charges)
    {
        var payer = await world.PayerAsync(90);
        await world.Sandbox.FaultAsync(fault, path: "payment_intents");
        await payer.RunAsync();
        await payer.RewindAsync("asked_at = clock_timestamp() - interval '25 hours'");

        await ResumeAsync(payer);

        Assert.Equal(expected, (await payer.LastAttemptAsync()).State);
        Assert.Equal(charges, (await payer.ChargesAsync()).SucceededCharges);
    }

    [Fact]
    public async Task Webhooks_that_are_replayed_and_late_change_nothing()
    {
        var payer = await world.PayerAsync(90);
        var run = await payer.RunAsync();
        var intent = (await payer.LastAttemptAsync()).PaymentIntentId!;

        for (var i = 0; i < 3; i++)
        {
            await world.First.Purchases.SettleAsync(intent);
            await world.First.DeliverAsync();
        }

        Assert.True(run.Succeeded);
        await payer.AssertPaidOnceAsync(cents: 650, balance: 360);
        Assert.Single(await payer.MailsAsync());
    }

    // Two instances take up what a third left: the lease lets one of them ask, and both would ask under the same key.
    [Fact]
    public async Task Two_instances_that_take_up_the_same_attempt_charge_once()
    {
        var payer = await world.PayerAsync(90);
        await world.Sandbox.FaultAsync("timeout_after", path: "payment_intents");
        await payer.RunAsync();
        await payer.AbandonAsync();
        await using var second = new RechargeNode(world);

        await Task.WhenAll(world.First.ResumeAsync(), second.ResumeAsync());

        await payer.AssertPaidOnceAsync(cents: 650, balance: 360);
    }

    // A new process after the old one is gone, and its lease with it.
    private async Task ResumeAsync(Payer payer)
    {
        await payer.AbandonAsync();
        await using var restarted = new RechargeNode(world);
        await restarted.ResumeAsync();
    }
}
