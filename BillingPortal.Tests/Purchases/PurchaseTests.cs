using BillingPortal.Cards;
using BillingPortal.Kernel;
using BillingPortal.Purchases;
using BillingPortal.Tests.TenantWebhooks;

namespace BillingPortal.Tests.Purchases;

/// <summary>Buying with a card, from the first click to the ledger, against a Stripe over HTTP.</summary>
public sealed class PurchaseTests(PaidPortal portal) : IClassFixture<PaidPortal>
{
    [Fact]
    public async Task A_saved_card_buys_a_package_at_once()
    {
        var buyer = await portal.BuyerAsync();

        var start = await buyer.PayAsync();

        Assert.Equal(StartOutcome.Settled, start.Outcome);
        await buyer.AssertBoughtOnceAsync(credits: 250, cents: 650);
        Assert.Equal(("visa", "4242"), (start.Purchase!.CardBrand, start.Purchase.CardLast4));
    }

    [Fact]
    public async Task A_new_card_is_confirmed_by_the_browser_and_saved_when_asked()
    {
        var buyer = await portal.BuyerAsync();
        var start = await buyer.StartAsync(Buyer.Package250 with { SavePaymentMethod = true });
        Assert.Equal(StartOutcome.Ready, start.Outcome);
        Assert.StartsWith(start.Purchase!.PaymentIntentId!, start.ClientSecret);

        await buyer.ConfirmAsync(start);
        var settled = await portal.Purchases.SettleAsync(start.Purchase.PaymentIntentId!);

        Assert.Equal(SettleOutcome.Settled, settled.Outcome);
        await buyer.AssertBoughtOnceAsync(credits: 250, cents: 650);
        var card = Assert.Single(await portal.Cards.ListAsync(buyer.Id));
        Assert.Equal(("4242", true), (card.Last4, card.IsDefault));
    }

    [Fact]
    public async Task A_card_that_was_not_to_be_saved_is_not()
    {
        var buyer = await portal.BuyerAsync();
        var start = await buyer.StartAsync();
        await buyer.ConfirmAsync(start);

        await portal.Purchases.SettleAsync(start.Purchase!.PaymentIntentId!);

        Assert.Empty(await portal.Cards.ListAsync(buyer.Id));
    }

    // The webhook, the return page, the API's answer and the sweep all report the same payment, at the same time.
    [Fact]
    public async Task Many_reports_of_one_payment_credit_it_once()
    {
        var buyer = await portal.BuyerAsync();
        var start = await buyer.StartAsync();
        await buyer.ConfirmAsync(start);

        var reports = await Task.WhenAll(Enumerable.Range(0, 12)
            .Select(_ => portal.Purchases.SettleAsync(start.Purchase!.PaymentIntentId!)));

        Assert.Single(reports, report => report.Outcome is SettleOutcome.Settled);
        Assert.Equal(11, reports.Count(report => report.Outcome is SettleOutcome.AlreadySettled));
        await buyer.AssertBoughtOnceAsync(credits: 250, cents: 650);
        Assert.Equal(["purchase.settled"], await portal.Database.EventTypesAsync(buyer.Id));
    }

    [Fact]
    public async Task A_double_click_charges_once()
    {
        var buyer = await portal.BuyerAsync();
        var card = await buyer.SaveCardAsync();
        var key = Ids.New().ToString();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(
            _ => buyer.StartAsync(Buyer.Package250 with { PaymentMethodId = card }, key)));
        var last = await buyer.StartAsync(Buyer.Package250 with { PaymentMethodId = card }, key);

        Assert.Equal(StartOutcome.Settled, last.Outcome);
        await buyer.AssertBoughtOnceAsync(credits: 250, cents: 650);
    }

    [Fact]
    public async Task The_same_key_for_something_else_is_refused()
    {
        var buyer = await portal.BuyerAsync();
        var key = Ids.New().ToString();
        await buyer.StartAsync(key: key);

        Assert.Equal(StartOutcome.KeyReused,
            (await buyer.StartAsync(new StartPurchase { PackageId = "credits-1000" }, key)).Outcome);
        Assert.Equal(StartOutcome.Ready, (await buyer.StartAsync(key: key)).Outcome);
    }

    [Fact]
    public async Task Two_tenants_may_use_the_same_key()
    {
        var (one, other) = (await portal.BuyerAsync(), await portal.BuyerAsync());
        var key = Ids.New().ToString();

        var starts = new[] { await one.StartAsync(key: key), await other.StartAsync(key: key) };

        Assert.NotEqual(starts[0].Purchase!.PaymentIntentId, starts[1].Purchase!.PaymentIntentId);
    }

    [Theory]
    [InlineData("pm_card_visa_chargeDeclined", "generic_decline", "Your bank declined the card.")]
    [InlineData(
        "pm_card_visa_chargeDeclinedInsufficientFunds", "insufficient_funds", "The card does not have enough funds.")]
    [InlineData("pm_card_visa_chargeDeclinedStolenCard", "stolen_card", "Your bank declined the card.")]
    public async Task A_declined_card_leaves_the_purchase_open_on_the_same_intent(
        string card, string code, string words)
    {
        var buyer = await portal.BuyerAsync();
        var key = Ids.New().ToString();
        var start = await buyer.StartAsync(key: key);

        await buyer.ConfirmAsync(start, card);
        var refused = await portal.Purchases.SettleAsync(start.Purchase!.PaymentIntentId!);

        Assert.Equal((PurchaseState.Started, code), (refused.Purchase!.State, refused.Purchase.DeclineCode));
        Assert.Equal(words, DeclineText.For(refused.Purchase.DeclineCode).Reason);
        var again = await buyer.StartAsync(key: key);
        Assert.Equal(
            (StartOutcome.Ready, start.Purchase.PaymentIntentId), (again.Outcome, again.Purchase!.PaymentIntentId));
        await buyer.ConfirmAsync(again);
        Assert.Equal(
            SettleOutcome.Settled, (await portal.Purchases.SettleAsync(start.Purchase.PaymentIntentId!)).Outcome);
        await buyer.AssertBoughtOnceAsync(credits: 250, cents: 650);
    }

    [Fact]
    public async Task After_a_declined_saved_card_another_one_pays_the_same_intent()
    {
        var buyer = await portal.BuyerAsync();
        var (bad, good) = (await buyer.SaveCardAsync("pm_card_chargeCustomerFail"), await buyer.SaveCardAsync());
        var key = Ids.New().ToString();

        var refused = await buyer.StartAsync(Buyer.Package250 with { PaymentMethodId = bad }, key);
        var paid = await buyer.StartAsync(Buyer.Package250 with { PaymentMethodId = good }, key);

        Assert.Equal((StartOutcome.Declined, StartOutcome.Settled), (refused.Outcome, paid.Outcome));
        Assert.Equal(refused.Purchase!.PaymentIntentId, paid.Purchase!.PaymentIntentId);
        await buyer.AssertBoughtOnceAsync(credits: 250, cents: 650);
        Assert.NotNull(
            (await portal.Cards.ListAsync(buyer.Id)).Single(card => card.PaymentMethodId == bad).LastDeclinedAt);
    }

    [Theory]
    [InlineData("pm_card_threeDSecure2Required")]
    [InlineData("pm_card_authenticationRequired")]
    public async Task Three_d_secure_is_finished_in_place(string card)
    {
        var buyer = await portal.BuyerAsync();
        var key = Ids.New().ToString();
        var saved = await buyer.SaveCardAsync(card);
        var start = await buyer.StartAsync(Buyer.Package250 with { PaymentMethodId = saved }, key);
        Assert.Equal(StartOutcome.RequiresAction, start.Outcome);
        Assert.Equal(0, await buyer.BalanceAsync());

        await portal.Sandbox.AnswerChallengeAsync(start.Purchase!.PaymentIntentId!);

        Assert.Equal(StartOutcome.Settled,
            (await buyer.StartAsync(Buyer.Package250 with { PaymentMethodId = saved }, key)).Outcome);
        await buyer.AssertBoughtOnceAsync(credits: 250, cents: 650);
    }

    [Fact]
    public async Task A_failed_three_d_secure_charges_nothing_and_may_be_tried_again()
    {
        var buyer = await portal.BuyerAsync();
        var key = Ids.New().ToString();
        var saved = await buyer.SaveCardAsync("pm_card_authenticationRequired");
        var start = await buyer.StartAsync(Buyer.Package250 with { PaymentMethodId = saved }, key);

        await portal.Sandbox.AnswerChallengeAsync(start.Purchase!.PaymentIntentId!, complete: false);
        var refused = await portal.Purchases.SettleAsync(start.Purchase.PaymentIntentId!);

        Assert.Equal("payment_intent_authentication_failure", refused.Purchase!.DeclineCode);
        Assert.Equal(StartOutcome.RequiresAction,
            (await buyer.StartAsync(Buyer.Package250 with { PaymentMethodId = saved }, key)).Outcome);
        Assert.Equal(0, (await buyer.ChargesAsync()).SucceededCharges);
    }

    // 3155 asks at set-up; once that is done, only charges without the customer pass unasked.
    [Fact]
    public async Task A_card_set_up_with_its_challenge_done_asks_on_session_only()
    {
        var buyer = await portal.BuyerAsync();

        var start = await buyer.PayAsync("pm_card_authenticationRequiredOnSetup");

        Assert.Equal(StartOutcome.RequiresAction, start.Outcome);
    }
}
