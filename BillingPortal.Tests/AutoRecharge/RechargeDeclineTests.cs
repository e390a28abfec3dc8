using BillingPortal.AutoRecharge;
using BillingPortal.Cards;
using BillingPortal.Purchases;
using BillingPortal.Tests.Support;
using BillingPortal.Tests.TenantWebhooks;

namespace BillingPortal.Tests.AutoRecharge;

/// <summary>
/// Cards that refuse: the next card, backoff, pause, the bank that wants its customer, and what clears it all.
/// </summary>
public sealed class RechargeDeclineTests(RechargeWorld world) : IClassFixture<RechargeWorld>, IAsyncLifetime
{
    private const string Refusing = "pm_card_chargeCustomerFail"; // 4000000000000341
    private const string AsksAlways = "pm_card_authenticationRequired"; // 4000002760003184
    private const string AsksUnlessSetUp = "pm_card_authenticationRequiredOnSetup"; // 4000002500003155

    public async ValueTask InitializeAsync() => await world.Sandbox.ResetAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_refused_card_is_followed_by_the_next_one_in_the_same_payment()
    {
        var payer = await world.PayerAsync(90, [Refusing, "pm_card_mastercard"]);

        var run = await payer.RunAsync();

        Assert.True(run.Succeeded);
        await payer.AssertPaidOnceAsync(cents: 650, balance: 360);
        var attempt = await payer.LastAttemptAsync();
        Assert.Equal((1, 1), (attempt.CardIndex, (await payer.ChargesAsync()).FailedCharges));
        Assert.Equal(0, (await payer.RuleAsync()).ConsecutiveFailures);
    }

    [Fact]
    public async Task The_order_that_was_chosen_goes_before_the_default()
    {
        var payer = await world.PayerAsync(90, ["pm_card_visa", "pm_card_mastercard"]);
        var second = (await world.First.Cards.ListAsync(payer.Id)).Single(card => card.Brand == "mastercard");
        await world.First.Settings.SaveAsync(
            payer.Id, new RechargeChange { PaymentMethodIds = [second.PaymentMethodId] }, RechargeDoor.Portal);

        await payer.RunAsync();

        Assert.Equal([second.PaymentMethodId], (await payer.LastAttemptAsync()).Cards);
    }

    [Fact]
    public async Task When_all_cards_refuse_it_waits_an_hour_then_six_then_pauses()
    {
        var payer = await world.PayerAsync(90, [Refusing]);

        var first = await payer.RunAsync();
        var attempt = await payer.LastAttemptAsync();
        Assert.Equal((AttemptState.Declined, "generic_decline", false),
            (first.State!.Value, attempt.DeclineCode, attempt.IsCancelDue));
        Assert.Equal(PurchaseState.Failed, (await payer.PurchaseAsync(attempt.Id)).State);
        Assert.Equal(TimeSpan.FromHours(1),
            (await payer.RuleAsync()).BackoffUntil!.Value - (await payer.RuleAsync()).BackoffSince!.Value);

        world.Clock.Advance(TimeSpan.FromMinutes(61));
        Assert.Equal(AttemptState.Declined, (await payer.RunAsync()).State);
        world.Clock.Advance(TimeSpan.FromHours(5));
        Assert.Equal(RechargeReason.Backoff, (await payer.RunAsync()).Reason);
        world.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(AttemptState.Declined, (await payer.RunAsync()).State);

        Assert.Equal((RechargePause.Failures, 3),
            ((await payer.RuleAsync()).PausedReason!.Value, (await payer.RuleAsync()).ConsecutiveFailures));
        world.Clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(RechargeReason.PausedAfterFailures, (await payer.RunAsync()).Reason);
        Assert.Equal(
            ["Auto-recharge failed: your card was declined", "Auto-recharge is paused"],
            (await payer.MailsAsync()).Order(StringComparer.Ordinal));
        Assert.Equal(
            ["recharge.failed", "recharge.failed", "recharge.failed", "recharge.paused"],
            await world.First.Database.EventTypesAsync(payer.Id));
        Assert.Equal((0, 90m), ((await payer.ChargesAsync()).SucceededCharges, await payer.BalanceAsync()));
    }

    [Fact]
    public async Task By_hand_a_paused_rule_is_tried_and_a_success_ends_the_pause()
    {
        var payer = await world.PayerAsync(90);
        var card = (await world.First.Cards.ListAsync(payer.Id))[0].PaymentMethodId;
        await world.Sandbox.DeclineCardAsync(card, "insufficient_funds");
        for (var i = 0; i < 3; i++)
        {
            await payer.RunAsync(RechargeTrigger.Manual);
        }

        Assert.Equal(RechargeReason.PausedAfterFailures, (await payer.RunAsync()).Reason);
        await world.Sandbox.DeclineCardAsync(card, "");

        Assert.True((await payer.RunAsync(RechargeTrigger.Manual)).Succeeded);
        Assert.Equal(
            (null, 0), ((await payer.RuleAsync()).PausedReason, (await payer.RuleAsync()).ConsecutiveFailures));
    }

    [Fact]
    public async Task A_card_that_will_never_work_again_is_marked_and_without_another_recharge_pauses()
    {
        var payer = await world.PayerAsync(90);
        var card = (await world.First.Cards.ListAsync(payer.Id))[0];
        await world.Sandbox.DeclineCardAsync(card.PaymentMethodId, "lost_card");

        await payer.RunAsync();

        Assert.Equal(CardState.NeedsAttention, (await world.First.Cards.ListAsync(payer.Id))[0].State);
        Assert.Equal(RechargePause.Failures, (await payer.RuleAsync()).PausedReason);
        var mail = await payer.LastMailAsync();
        Assert.DoesNotContain("lost", mail.Text, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(RechargeReason.NoCard, (await payer.RunAsync(RechargeTrigger.Manual)).Reason);
    }

    [Fact]
    public async Task A_new_card_ends_the_pause_and_the_recharge_follows_at_once()
    {
        var payer = await world.PayerAsync(90, [Refusing]);
        for (var i = 0; i < 3; i++)
        {
            await payer.RunAsync(RechargeTrigger.Manual);
        }

        world.Clock.Advance(TimeSpan.FromMinutes(61));
        var card = await payer.SaveCardAsync();
        await world.First.Cards.SetDefaultAsync(payer.Id, card);
        await world.First.DeliverAsync();
        Assert.Null((await payer.RuleAsync()).PausedReason);
        while (await world.First.DrainAsync() > 0)
        {
        }

        await payer.AssertPaidOnceAsync(cents: 650, balance: 360);
    }

    // Somebody buys with a new card that is to be saved: Stripe tells of the card before the payment is settled here.
    [Fact]
    public async Task A_card_that_a_purchase_under_way_has_saved_waits_for_the_purchase()
    {
        var payer = await world.PayerAsync(90, [Refusing]);
        for (var i = 0; i < 3; i++)
        {
            await payer.RunAsync(RechargeTrigger.Manual);
        }

        world.Clock.Advance(TimeSpan.FromMinutes(61));
        await world.First.Purchases.StartAsync(
            payer.Id, new StartPurchase { PackageId = "credits-250", SavePaymentMethod = true }, "with a new card");
        await payer.SaveCardAsync();
        await world.First.DeliverAsync();
        while (await world.First.DrainAsync() > 0)
        {
        }

        Assert.Equal(RechargePause.Failures, (await payer.RuleAsync()).PausedReason);
        Assert.Equal(0, (await payer.ChargesAsync()).SucceededCharges);

        world.Clock.Advance(TimeSpan.FromMinutes(2));
        await world.First.DeliverAsync();
        Assert.Null((await payer.RuleAsync()).PausedReason);
    }

    [Fact]
    public async Task A_paid_top_up_ends_backoff()
    {
        var payer = await world.PayerAsync(90, [Refusing, "attach:pm_card_visa"]);
        var visa = (await world.First.Cards.ListAsync(payer.Id)).Single(card => card.Last4 == "4242").PaymentMethodId;
        var bad = (await world.First.Cards.ListAsync(payer.Id)).Single(card => card.Last4 == "0341").PaymentMethodId;
        await world.First.Settings.SaveAsync(
            payer.Id, new RechargeChange { PaymentMethodIds = [bad] }, RechargeDoor.Portal);
        await payer.RunAsync();
        Assert.NotNull((await payer.RuleAsync()).BackoffUntil);

        await world.First.Purchases.StartAsync(
            payer.Id, new StartPurchase { PackageId = "credits-50", PaymentMethodId = visa }, "top-up");
        await world.First.DeliverAsync();

        Assert.Equal(
            (null, 0), ((await payer.RuleAsync()).BackoffUntil, (await payer.RuleAsync()).ConsecutiveFailures));
    }

    [Fact]
    public async Task A_card_set_up_with_its_challenge_is_charged_without_the_customer()
    {
        var payer = await world.PayerAsync(90, [AsksUnlessSetUp]);

        Assert.True((await payer.RunAsync()).Succeeded);
    }

    [Theory]
    [InlineData(AsksAlways)]
    [InlineData("attach:" + AsksUnlessSetUp)]
    public async Task A_bank_that_wants_its_customer_gets_a_link_and_nothing_else_is_charged(string card)
    {
        var payer = await world.PayerAsync(90, [card, "pm_card_mastercard"]);

        var run = await payer.RunAsync();

        Assert.Equal(AttemptState.RequiresAction, run.State);
        Assert.Equal(RechargeReason.AwaitingAuthentication, (await payer.RunAsync(RechargeTrigger.Manual)).Reason);
        Assert.Equal(PurchaseState.RequiresAction, (await payer.PurchaseAsync(run.AttemptId!.Value)).State);
        Assert.Equal(0, (await payer.ChargesAsync()).SucceededCharges);
        var mail = await payer.LastMailAsync();
        Assert.Contains($"/auto-recharge/confirm/{run.AttemptId}", mail.Html, StringComparison.Ordinal);
        Assert.Equal(["recharge.action_required"], await world.First.Database.EventTypesAsync(payer.Id));
    }

    [Fact]
    public async Task The_customer_finishes_the_same_payment_once()
    {
        var payer = await world.PayerAsync(90, [AsksAlways]);
        var id = (await payer.RunAsync()).AttemptId!.Value;
        await world.First.Confirmation.BeginAsync(payer.Id, id);

        await ConfirmInBrowserAsync(payer, id);
        var finished = await world.First.Confirmation.FinishAsync(payer.Id, id);

        Assert.Equal(AttemptState.Succeeded, finished!.State);
        await payer.AssertPaidOnceAsync(cents: 650, balance: 360);
        Assert.Null(await world.First.Confirmation.BeginAsync(payer.Id, id)); // the link has done its work
    }

    // The browser was closed right after the challenge: the webhook's settlement tells the attempt.
    [Fact]
    public async Task A_confirmed_payment_that_nobody_came_back_for_is_settled_by_its_webhook()
    {
        var payer = await world.PayerAsync(90, [AsksAlways]);
        var id = (await payer.RunAsync()).AttemptId!.Value;
        await ConfirmInBrowserAsync(payer, id);

        await world.First.Purchases.SettleAsync((await payer.LastAttemptAsync()).PaymentIntentId!);
        await world.First.DeliverAsync();

        Assert.Equal(AttemptState.Succeeded, (await payer.LastAttemptAsync()).State);
        await payer.AssertPaidOnceAsync(cents: 650, balance: 360);
    }

    [Fact]
    public async Task A_failed_challenge_leaves_the_link_usable_until_it_expires()
    {
        var payer = await world.PayerAsync(90, [AsksAlways]);
        var id = (await payer.RunAsync()).AttemptId!.Value;

        await ConfirmInBrowserAsync(payer, id, complete: false);
        Assert.Equal(AttemptState.RequiresAction, (await world.First.Confirmation.FinishAsync(payer.Id, id))!.State);
        await ConfirmInBrowserAsync(payer, id);

        Assert.Equal(AttemptState.Succeeded, (await world.First.Confirmation.FinishAsync(payer.Id, id))!.State);
    }

    [Fact]
    public async Task An_expired_link_cancels_its_payment_and_counts_as_one_failure()
    {
        var payer = await world.PayerAsync(90, [AsksAlways]);
        var id = (await payer.RunAsync()).AttemptId!.Value;
        await payer.AbandonAsync();

        world.Clock.Advance(TimeSpan.FromHours(23));
        await world.First.ResumeAsync();
        Assert.Equal(AttemptState.RequiresAction, (await payer.LastAttemptAsync()).State);
        world.Clock.Advance(TimeSpan.FromHours(1));
        await world.First.ResumeAsync();

        var attempt = await payer.LastAttemptAsync();
        Assert.Equal((AttemptState.Declined, "authentication_expired"), (attempt.State, attempt.DeclineCode));
        Assert.Equal(1, (await payer.RuleAsync()).ConsecutiveFailures);
        var intent = await world.Sandbox.Stripe.GetAsync($"payment_intents/{attempt.PaymentIntentId}");
        Assert.Equal("canceled", intent.Text("status"));
        Assert.Equal(PurchaseState.Failed, (await payer.PurchaseAsync(id)).State);
    }

    [Fact]
    public async Task Nobody_but_the_tenant_can_use_the_link()
    {
        var payer = await world.PayerAsync(90, [AsksAlways]);
        var stranger = await world.PayerAsync(90);
        var id = (await payer.RunAsync()).AttemptId!.Value;

        Assert.Null(await world.First.Confirmation.BeginAsync(stranger.Id, id));
        Assert.Null(await world.First.Confirmation.FinishAsync(stranger.Id, id));
    }

    // What Stripe.js does with the page's client secret: confirm with the card, then the bank's challenge.
    private async Task ConfirmInBrowserAsync(Payer payer, Guid attemptId, bool complete = true)
    {
        var challenge = await world.First.Confirmation.BeginAsync(payer.Id, attemptId);
        Assert.NotNull(challenge);
        var intent = (await payer.LastAttemptAsync()).PaymentIntentId!;
        if (!challenge.IsConfirmed)
        {
            var confirmed = await world.Sandbox.Stripe.PostAsync(
                $"payment_intents/{intent}/confirm", ("payment_method", challenge.PaymentMethodId),
                ("return_url", "http://127.0.0.1/auto-recharge"));
            Assert.Equal("requires_action", confirmed.Text("status"));
        }

        await world.Sandbox.AnswerChallengeAsync(intent, complete);
    }
}
