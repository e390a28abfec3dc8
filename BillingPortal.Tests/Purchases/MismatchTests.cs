using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Purchases;

namespace BillingPortal.Tests.Purchases;

/// <summary>
/// Reports that do not add up, come late or are made up: no credits, and a person is told where one must look.
/// </summary>
public sealed class MismatchTests(PaidPortal portal) : IClassFixture<PaidPortal>
{
    [Theory]
    [InlineData("price_cents = 700", "amount_differs")]
    [InlineData("currency = 'eur'", "currency_differs")]
    public async Task A_payment_of_another_amount_or_currency_is_not_credited(string recorded, string reason)
    {
        var buyer = await portal.BuyerAsync();
        var start = await buyer.StartAsync();
        await portal.BackdateAsync(start.Purchase!.Id, recorded);
        await buyer.ConfirmAsync(start);

        var result = await portal.Purchases.SettleAsync(start.Purchase.PaymentIntentId!);

        Assert.Equal((SettleOutcome.UnderReview, reason), (result.Outcome, result.Purchase!.ReviewReason));
        Assert.Equal(0, await buyer.BalanceAsync());
    }

    // Somebody else's intent that names our purchase: the customer is another one.
    [Fact]
    public async Task A_payment_of_another_customer_is_not_credited()
    {
        var (buyer, other) = (await portal.BuyerAsync(), await portal.BuyerAsync());
        var start = await buyer.StartAsync();
        await portal.BackdateAsync(start.Purchase!.Id, "payment_intent_id = NULL");
        var forged = await PaidIntentAsync(other.CustomerId, start.Purchase.Id);

        var result = await portal.Purchases.SettleAsync(forged);

        Assert.Equal((SettleOutcome.UnderReview, "customer_differs"), (result.Outcome, result.Purchase!.ReviewReason));
        Assert.Equal((0m, 0m), (await buyer.BalanceAsync(), await other.BalanceAsync()));
    }

    [Fact]
    public async Task A_second_payment_of_a_settled_purchase_is_flagged_and_not_credited()
    {
        var buyer = await portal.BuyerAsync();
        var paid = await buyer.PayAsync();

        var result = await portal.Purchases.SettleAsync(await PaidIntentAsync(buyer.CustomerId, paid.Purchase!.Id));

        Assert.Equal(SettleOutcome.UnderReview, result.Outcome);
        Assert.Equal((PurchaseState.Settled, "second_payment"), (result.Purchase!.State, result.Purchase.ReviewReason));
        Assert.Equal(250, await buyer.BalanceAsync());
    }

    [Fact]
    public async Task A_payment_that_is_not_ours_is_ignored()
    {
        var buyer = await portal.BuyerAsync();

        var result = await portal.Purchases.SettleAsync(await PaidIntentAsync(buyer.CustomerId, purchaseId: null));

        Assert.Equal(SettleOutcome.NotOurs, result.Outcome);
    }

    // The intent that paid is now said to have failed: the credits stay, and a person is told.
    [Fact]
    public async Task A_failure_after_the_settlement_never_flips_it()
    {
        var buyer = await portal.BuyerAsync();
        var paid = await buyer.PayAsync();
        var open = await buyer.StartAsync();
        await portal.BackdateAsync(open.Purchase!.Id, "payment_intent_id = NULL");
        await portal.BackdateAsync(paid.Purchase!.Id, $"payment_intent_id = '{open.Purchase.PaymentIntentId}'");

        var result = await portal.Purchases.SettleAsync(open.Purchase.PaymentIntentId!);

        Assert.Equal(SettleOutcome.UnderReview, result.Outcome);
        Assert.Equal(
            (PurchaseState.Settled, "failure_after_settlement"), (
                result.Purchase!.State, result.Purchase.ReviewReason));
        Assert.Equal(250, await buyer.BalanceAsync());
    }

    [Fact]
    public async Task A_payment_repays_the_debt_first()
    {
        var buyer = await portal.BuyerAsync();
        var claw = await new LedgerWriter(portal.Database, TimeProvider.System).PostAsync(new Posting
        {
            TenantId = buyer.Id,
            Operation = LedgerOperation.ClawBack,
            Amount = Amount.Credits(100),
            Kind = EntryKind.Refund,
            Counter = CounterAccount.Refund,
            Key = Ids.New(),
            CauseType = "test",
            OccurredAt = TimeProvider.System.GetUtcNow(),
        });
        Assert.Equal(100, claw.Debt.ToDecimal());

        await buyer.PayAsync();

        Assert.Equal(150, await buyer.BalanceAsync());
    }

    private async Task<string> PaidIntentAsync(string customer, Guid? purchaseId)
    {
        List<(string, string)> form =
        [
            ("amount", "650"), ("currency", "usd"), ("customer", customer), ("payment_method", "pm_card_visa"), (
                "confirm", "true"),
            ("automatic_payment_methods[enabled]", "true"), ("automatic_payment_methods[allow_redirects]", "never"),
        ];
        if (purchaseId is { } id)
        {
            form.Add(("metadata[purchase_id]", id.ToString()));
        }

        var intent = await portal.Sandbox.Stripe.PostAsync("payment_intents", [.. form]);
        Assert.Equal("succeeded", intent.Text("status"));
        return intent.Id;
    }
}
