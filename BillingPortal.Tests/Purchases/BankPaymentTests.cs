using BillingPortal.Alerts;
using BillingPortal.Purchases;
using BillingPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Tests.Purchases;

/// <summary>Payments that the bank decides days later: pending in between, credited once or not at all.</summary>
public sealed class BankPaymentTests(PaidPortal portal) : IClassFixture<PaidPortal>
{
    [Fact]
    public async Task A_bank_payment_is_pending_for_days_and_credited_once_when_the_bank_has_paid()
    {
        var (buyer, purchase) = await PaidFromBankAsync("pm_usBankAccount_success");
        Assert.Equal(
            (PurchaseState.Processing, "us_bank_account", "6789"),
            (purchase.State, purchase.CardBrand, purchase.CardLast4));
        Assert.Equal(0, await buyer.BalanceAsync());
        Assert.Equal(purchase.Id, Assert.Single(await OnTheWayAsync(buyer)).Id);

        // The daily give-up of open purchases does not touch it.
        await portal.BackdateAsync(
            purchase.Id, "created_at = created_at - interval '3 days', updated_at = updated_at - interval '2 hours'");
        await portal.Reconcile.ReconcileAsync(500);
        Assert.Equal(PurchaseState.Processing, (await portal.PurchaseAsync(purchase.Id)).State);

        await portal.Sandbox.DecidePaymentAsync(purchase.PaymentIntentId!);
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => portal.Purchases.SettleAsync(purchase.PaymentIntentId!)));

        await buyer.AssertBoughtOnceAsync(credits: 250, cents: 650);
        Assert.Equal("Bank account ••6789", PurchaseTexts.Card(await portal.PurchaseAsync(purchase.Id)));
        Assert.Empty(await portal.Cards.ListAsync(buyer.Id));
        Assert.Empty(await OnTheWayAsync(buyer));
    }

    [Fact]
    public async Task A_bank_payment_that_comes_back_credits_nothing_and_is_told_once_in_plain_words()
    {
        var (buyer, purchase) = await PaidFromBankAsync("pm_usBankAccount_accountClosed");
        await portal.Sandbox.DecidePaymentAsync(purchase.PaymentIntentId!, succeeds: false);

        await portal.Purchases.RefreshAsync(purchase.PaymentIntentId!);
        await portal.Purchases.RefreshAsync(purchase.PaymentIntentId!);

        var failed = await portal.PurchaseAsync(purchase.Id);
        Assert.Equal((PurchaseState.Started, "account_closed"), (failed.State, failed.DeclineCode));
        Assert.Equal("The bank account is closed.", PurchaseTexts.Refusal(failed).Reason);
        Assert.Equal(0, await buyer.BalanceAsync());
        var told = Assert.Single(await ToldAsync(buyer), notice => notice.Kind == MailKinds.PaymentFailed);
        Assert.Equal("Your payment of $6.50 did not go through", told.Title);

        await portal.BackdateAsync(
            purchase.Id, "created_at = created_at - interval '5 days', updated_at = updated_at - interval '2 hours'");
        await portal.Reconcile.ReconcileAsync(500);
        Assert.Equal(PurchaseState.Failed, (await portal.PurchaseAsync(purchase.Id)).State);
    }

    // The request says "save"; what came was a bank account, and auto-recharge stays with cards.
    [Fact]
    public async Task A_bank_account_is_never_saved_even_when_the_purchase_says_so()
    {
        var buyer = await portal.BuyerAsync();
        var start = await buyer.StartAsync(Buyer.Package250 with { SavePaymentMethod = true });
        await buyer.ConfirmAsync(start, "pm_usBankAccount_success");
        await portal.Sandbox.DecidePaymentAsync(start.Purchase!.PaymentIntentId!);

        var settled = await portal.Purchases.SettleAsync(start.Purchase.PaymentIntentId!);

        Assert.Equal(SettleOutcome.Settled, settled.Outcome);
        Assert.Empty(await portal.Cards.ListAsync(buyer.Id));
    }

    private async Task<(Buyer Buyer, Purchase Purchase)> PaidFromBankAsync(string account)
    {
        var buyer = await portal.BuyerAsync();
        var start = await buyer.StartAsync();
        Assert.Equal("processing", (await buyer.ConfirmAsync(start, account)).Text("status"));
        var read = await portal.Purchases.SettleAsync(start.Purchase!.PaymentIntentId!);
        Assert.Equal(SettleOutcome.NotPaid, read.Outcome);
        return (buyer, read.Purchase!);
    }

    private Task<IReadOnlyList<Purchase>> OnTheWayAsync(Buyer buyer) =>
        new PurchaseReader(portal.Database).OnTheWayAsync(buyer.Id);

    private async Task<List<Notification>> ToldAsync(Buyer buyer)
    {
        await using var unit = await portal.Database.BeginOpsAsync();
        return await unit.Db.Set<Notification>().AsNoTracking().Where(row => row.TenantId == buyer.Id).ToListAsync();
    }
}
