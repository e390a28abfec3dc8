using BillingPortal.Invoices;
using BillingPortal.Purchases;
using BillingPortal.Tests.Purchases;

namespace BillingPortal.Tests.Invoices;

/// <summary>Two ways to pay one invoice at the same time: one wins, nothing is given twice, nobody is charged unseen.</summary>
public sealed class InvoicePaymentRaceTests(PaidPortal portal) : IClassFixture<PaidPortal>
{
    // The browser has paid at Stripe; the settlement and the staff's transfer race for the invoice.
    [Fact]
    public async Task A_transfer_and_an_online_payment_race_and_one_wins()
    {
        for (var round = 0; round < 6; round++)
        {
            var tenant = await InvoicedTenant.OfAsync(portal);
            var invoice = await tenant.BuyAsync();
            var start = await tenant.PayOnlineAsync(invoice);
            await tenant.Buyer.ConfirmAsync(start);

            var settling = portal.Purchases.SettleAsync(start.Purchase!.PaymentIntentId!);
            var transfer = tenant.TransferAsync(invoice);
            await Task.WhenAll(settling, transfer);

            var (settled, recorded) = ((await settling).Outcome, await transfer);
            var isOnline = settled is SettleOutcome.Settled or SettleOutcome.AlreadySettled;
            Assert.Equal(isOnline, recorded is TransferOutcome.AlreadyPaid);
            Assert.Equal(!isOnline, settled is SettleOutcome.UnderReview && recorded is TransferOutcome.Recorded);
            Assert.Equal(250, await tenant.Buyer.BalanceAsync());
            Assert.Single(await tenant.PaymentsAsync(), payment => payment.State is PurchaseState.Settled);
            if (!isOnline)
            {
                var flagged = await portal.PurchaseAsync(start.Purchase.Id);
                Assert.Equal("invoice_already_paid", flagged.ReviewReason);
            }
        }
    }

    [Fact]
    public async Task A_recorded_transfer_closes_the_online_payment_that_was_begun()
    {
        var tenant = await InvoicedTenant.OfAsync(portal);
        var invoice = await tenant.BuyAsync();
        var begun = await tenant.PayOnlineAsync(invoice);

        Assert.Equal(TransferOutcome.Recorded, await tenant.TransferAsync(invoice));

        var late = await tenant.Buyer.ConfirmAsync(begun);
        Assert.Equal("payment_intent_unexpected_state", (string?)late.Error["code"]);
        Assert.Equal(StartOutcome.Invalid, (await tenant.PayOnlineAsync(invoice)).Outcome);
        Assert.Equal(0, (await tenant.Buyer.ChargesAsync()).SucceededCharges);
        Assert.Equal(250, await tenant.Buyer.BalanceAsync());
    }

    [Fact]
    public async Task Two_tabs_share_one_online_payment()
    {
        var tenant = await InvoicedTenant.OfAsync(portal);
        var invoice = await tenant.BuyAsync();

        var tabs = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => tenant.PayOnlineAsync(invoice)));

        Assert.Single(tabs.Select(tab => tab.Purchase!.Id).Distinct());
        await tenant.Buyer.ConfirmAsync(tabs[0]);
        // A tab that came while the first one still spoke with Stripe has the purchase as it stood then, without its intent.
        var intent = tabs.Select(tab => tab.Purchase!.PaymentIntentId).First(id => id is not null)!;
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => portal.Purchases.SettleAsync(intent)));
        Assert.Equal(250, await tenant.Buyer.BalanceAsync());
        Assert.Equal(InvoiceState.Paid, (await tenant.InvoiceAsync(invoice.Id)).State);
    }

    // The card was charged and the answer was lost with the connection: the sweep finds it, and nobody charges again.
    [Fact]
    public async Task A_lost_answer_to_an_invoices_payment_is_found_by_the_sweep()
    {
        var tenant = await InvoicedTenant.OfAsync(portal);
        var invoice = await tenant.BuyAsync();
        var card = await tenant.Buyer.SaveCardAsync();
        await portal.Sandbox.FaultAsync("timeout_after", path: "/confirm");

        var lost = await tenant.PayOnlineAsync(invoice, card);
        var again = await tenant.PayOnlineAsync(invoice, card);
        Assert.Equal((StartOutcome.Checking, StartOutcome.Checking), (lost.Outcome, again.Outcome));
        await portal.BackdateAsync(lost.Purchase!.Id, "asked_at = asked_at - interval '1 minute'");
        await portal.Reconcile.SweepUnknownAsync(100);

        Assert.Equal(InvoiceState.Paid, (await tenant.InvoiceAsync(invoice.Id)).State);
        Assert.Equal(250, await tenant.Buyer.BalanceAsync());
        var charges = await tenant.Buyer.ChargesAsync();
        Assert.Equal((1, 650L), (charges.SucceededCharges, charges.SucceededAmount));
    }

    [Fact]
    public async Task While_a_bank_debit_is_under_way_neither_a_transfer_nor_a_void_is_recorded()
    {
        var tenant = await InvoicedTenant.OfAsync(portal);
        var invoice = await tenant.BuyAsync();
        var begun = await tenant.PayOnlineAsync(invoice);
        await tenant.Buyer.ConfirmAsync(begun, "pm_usBankAccount_insufficientFunds");
        await portal.Purchases.SettleAsync(begun.Purchase!.PaymentIntentId!);

        Assert.Equal(TransferOutcome.PaidOnline, await tenant.TransferAsync(invoice));
        Assert.Equal(VoidOutcome.PaidOnline, await tenant.VoidAsync(invoice));

        await portal.Sandbox.DecidePaymentAsync(begun.Purchase.PaymentIntentId!, succeeds: false);
        await portal.Purchases.SettleAsync(begun.Purchase.PaymentIntentId!);
        Assert.Equal(TransferOutcome.Recorded, await tenant.TransferAsync(invoice));
        Assert.Equal(250, await tenant.Buyer.BalanceAsync());
    }
}
