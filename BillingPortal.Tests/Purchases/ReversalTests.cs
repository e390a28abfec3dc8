using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Purchases;
using BillingPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Purchases;

/// <summary>Refunds and disputes from Stripe's side, in every order, once.</summary>
public sealed class ReversalTests(PaidPortal portal) : IClassFixture<PaidPortal>
{
    private ReversalService Reversals => portal.Services.GetRequiredService<ReversalService>();

    [Fact]
    public async Task A_refund_takes_its_share_back_once_however_often_it_is_reported()
    {
        var (buyer, purchase) = await BoughtAsync();
        await RefundAsync(purchase, 325);

        var outcomes = new[]
        {
            await Reversals.RefreshAsync(purchase.PaymentIntentId), await Reversals.RefreshAsync(purchase.PaymentIntentId),
            await Reversals.RefreshChargeAsync(purchase.ChargeId!),
        };

        Assert.Equal([ReversalOutcome.Applied, ReversalOutcome.Unchanged, ReversalOutcome.Unchanged], outcomes);
        Assert.Equal(125, await buyer.BalanceAsync());
        Assert.Equal(325, (await portal.PurchaseAsync(purchase.Id)).RefundedCents);
    }

    [Fact]
    public async Task Twenty_reports_at_once_take_back_once()
    {
        var (buyer, purchase) = await BoughtAsync();
        await RefundAsync(purchase, 650);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Reversals.RefreshAsync(purchase.PaymentIntentId)));

        Assert.Equal(0, await buyer.BalanceAsync());
        Assert.Equal([-250m], (await EntriesAsync(buyer, EntryKind.Refund)).Select(entry => entry.AmountE4 / 10_000m));
    }

    [Fact]
    public async Task What_was_spent_before_the_refund_becomes_debt_and_a_top_up_pays_it()
    {
        var (buyer, purchase) = await BoughtAsync();
        await SpendAsync(buyer, 200);
        await RefundAsync(purchase, 650);
        await Reversals.RefreshAsync(purchase.PaymentIntentId);

        var owing = await BalanceAsync(buyer);
        Assert.Equal((0m, 200m), (owing.Posted.ToDecimal(), owing.Debt.ToDecimal()));

        await buyer.PayAsync();
        var paid = await BalanceAsync(buyer);
        Assert.Equal((50m, 0m), (paid.Posted.ToDecimal(), paid.Debt.ToDecimal()));
    }

    [Fact]
    public async Task A_refund_that_fails_at_the_bank_comes_back()
    {
        var (buyer, purchase) = await BoughtAsync("pm_card_refundFail");
        var refund = await RefundAsync(purchase, 650);
        await Reversals.RefreshAsync(purchase.PaymentIntentId);
        Assert.Equal(0, await buyer.BalanceAsync());

        await portal.Sandbox.AdvanceClockAsync(TimeSpan.FromMinutes(1));
        await UntilFailedAsync(refund.Id);
        await Reversals.RefreshAsync(purchase.PaymentIntentId);

        Assert.Equal(250, await buyer.BalanceAsync());
        Assert.Equal(0, (await portal.PurchaseAsync(purchase.Id)).RefundedCents);
    }

    [Theory]
    [InlineData("winning_evidence", 250, DisputeState.Won)]
    [InlineData("losing_evidence", 0, DisputeState.Lost)]
    public async Task A_dispute_takes_the_credits_and_a_won_one_brings_them_back(
        string evidence, int balance, DisputeState state)
    {
        var (buyer, purchase) = await BoughtAsync("pm_card_createDispute");
        await Reversals.RefreshAsync(purchase.PaymentIntentId);
        Assert.Equal(0, await buyer.BalanceAsync());
        Assert.Equal(DisputeState.Open, (await portal.PurchaseAsync(purchase.Id)).Dispute);

        var disputes = await portal.Sandbox.Stripe.GetAsync($"disputes?payment_intent={purchase.PaymentIntentId}");
        var id = (string)disputes.Json["data"]![0]!["id"]!;
        await portal.Sandbox.Stripe.PostAsync($"disputes/{id}", ("evidence[uncategorized_text]", evidence));
        await Reversals.RefreshDisputeAsync(id);

        Assert.Equal(balance, await buyer.BalanceAsync());
        Assert.Equal(state, (await portal.PurchaseAsync(purchase.Id)).Dispute);
    }

    [Fact]
    public async Task A_refund_of_a_payment_nobody_had_reported_settles_it_first()
    {
        var buyer = await portal.BuyerAsync();
        var start = await buyer.StartAsync();
        await buyer.ConfirmAsync(start);
        await RefundAsync(start.Purchase!, 325);

        await Reversals.RefreshAsync(start.Purchase!.PaymentIntentId);

        Assert.Equal(125, await buyer.BalanceAsync());
    }

    [Fact]
    public async Task A_refund_of_somebody_elses_payment_changes_nothing()
    {
        var customer = await portal.Sandbox.Stripe.CustomerAsync();
        var card = await portal.Sandbox.Stripe.SavedCardAsync(customer);
        var foreign = await portal.Sandbox.Stripe.ChargeOffSessionAsync(customer, card);

        Assert.Equal(ReversalOutcome.NotOurs, await Reversals.RefreshAsync(foreign.Id));
    }

    private async Task<(Buyer Buyer, Purchase Purchase)> BoughtAsync(string card = "pm_card_visa")
    {
        var buyer = await portal.BuyerAsync();
        var paid = await buyer.PayAsync(card);
        Assert.Equal(StartOutcome.Settled, paid.Outcome);
        return (buyer, await portal.PurchaseAsync(paid.Purchase!.Id));
    }

    private Task<StripeReply> RefundAsync(Purchase purchase, int cents) => portal.Sandbox.Stripe.PostAsync(
        "refunds", ("payment_intent", purchase.PaymentIntentId!), ("amount", $"{cents}"));

    private async Task UntilFailedAsync(string refundId)
    {
        for (var started = TimeProvider.System.GetTimestamp(); ; await Task.Delay(20))
        {
            var refund = await portal.Sandbox.Stripe.GetAsync($"refunds/{refundId}");
            if (refund.Text("status") == "failed")
            {
                return;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(60), refund.Body);
        }
    }

    private Task<Balance> BalanceAsync(Buyer buyer) =>
        portal.Services.GetRequiredService<BalanceReader>().ReadAsync(buyer.Id, Unit.Credits);

    private async Task SpendAsync(Buyer buyer, decimal credits)
    {
        var spent = await portal.Services.GetRequiredService<LedgerWriter>().PostAsync(new Posting
        {
            TenantId = buyer.Id,
            Operation = LedgerOperation.Debit,
            Amount = Amount.Credits(credits),
            Kind = EntryKind.Usage,
            Counter = CounterAccount.EmailRevenue,
            Key = Ids.New(),
            CauseType = "test",
            OccurredAt = portal.Services.GetRequiredService<TimeProvider>().GetUtcNow(),
        });
        Assert.Equal(PostOutcome.Posted, spent.Outcome);
    }

    private async Task<List<Entry>> EntriesAsync(Buyer buyer, EntryKind kind)
    {
        await using var unit = await portal.Database.BeginOpsAsync();
        return await unit.Db.Set<Entry>().Where(entry => entry.TenantId == buyer.Id && entry.Kind == kind).ToListAsync();
    }
}
