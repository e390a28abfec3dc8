using BillingPortal.Alerts;
using BillingPortal.Audit;
using BillingPortal.Documents.Receipts;
using BillingPortal.Invoices;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Purchases;
using BillingPortal.Tests.Purchases;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Invoices;

/// <summary>An invoice from the order to its end, on a real database: credits once, whichever way it was paid.</summary>
public sealed class InvoiceTests(PaidPortal portal) : IClassFixture<PaidPortal>
{
    [Fact]
    public async Task Without_terms_nothing_is_sold_on_invoice()
    {
        var buyer = await portal.BuyerAsync();
        var service = portal.Services.GetRequiredService<InvoiceService>();

        Assert.Null(await service.OfferAsync(buyer.Id));
        var sale = await service.SellAsync(buyer.Id, Buyer.Package250, "key", null);
        Assert.Contains("not approved", sale.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_transfer_pays_the_invoice_gives_its_credits_once_and_gets_a_receipt()
    {
        var tenant = await InvoicedTenant.OfAsync(portal);
        var invoice = await tenant.BuyAsync();
        Assert.Equal((InvoiceState.Open, 650), (invoice.State, invoice.PriceCents));
        Assert.Equal(0, await tenant.Buyer.BalanceAsync());

        var outcomes = new[]
        {
            await tenant.TransferAsync(invoice, cents: 649), await tenant.TransferAsync(invoice, "SEPA 4711"),
            await tenant.TransferAsync(invoice, "SEPA 4711"), await tenant.TransferAsync(invoice, "SEPA 4712"),
        };

        Assert.Equal(
            [TransferOutcome.AmountDiffers, TransferOutcome.Recorded, TransferOutcome.AlreadyRecorded, TransferOutcome.AlreadyPaid],
            outcomes);
        Assert.Equal(250, await tenant.Buyer.BalanceAsync());
        var payment = Assert.Single(await tenant.PaymentsAsync());
        Assert.Equal((PurchaseKind.BankTransfer, PurchaseState.Settled), (payment.Kind, payment.State));
        Assert.NotNull(await portal.Services.GetRequiredService<ReceiptService>().IssueAsync(payment.Id));
        var logged = await LoggedAsync(tenant);
        Assert.Contains("invoice_terms.changed", logged);
        Assert.Single(logged, action => action == "invoice.transfer_recorded");
    }

    [Fact]
    public async Task Credits_with_the_invoice_are_not_given_again_when_it_is_paid_online()
    {
        var tenant = await InvoicedTenant.OfAsync(portal, InvoiceCredit.OnApproval);
        var invoice = await tenant.BuyAsync();
        Assert.Equal(250, await tenant.Buyer.BalanceAsync());

        var paid = await tenant.PayOnlineAsync(invoice, await tenant.Buyer.SaveCardAsync());

        Assert.Equal(StartOutcome.Settled, paid.Outcome);
        Assert.Equal(250, await tenant.Buyer.BalanceAsync());
        var after = await tenant.InvoiceAsync(invoice.Id);
        Assert.Equal((InvoiceState.Paid, paid.Purchase!.Id), (after.State, after.PaidByPurchase));
        var charges = await tenant.Buyer.ChargesAsync();
        Assert.Equal((1, 650L), (charges.SucceededCharges, charges.SucceededAmount));
    }

    [Fact]
    public async Task The_same_order_twice_is_one_invoice()
    {
        var tenant = await InvoicedTenant.OfAsync(portal);

        var sales = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => tenant.OrderAsync("one-click")));

        Assert.Single(sales.Select(sale => sale.InvoiceId).Distinct());
        Assert.NotNull(sales[0].InvoiceId);
    }

    // Twelve orders of $6.50 race for a limit of $40: six may be issued, numbered without a gap.
    [Fact]
    public async Task Racing_orders_never_pass_the_limit_and_leave_no_gap_in_the_numbers()
    {
        var tenant = await InvoicedTenant.OfAsync(portal, limitCents: 4_000);

        var sales = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => tenant.OrderAsync()));

        Assert.Equal(6, sales.Count(sale => sale.InvoiceId is not null));
        Assert.All(
            sales.Where(sale => sale.InvoiceId is null),
            sale => Assert.Contains("leaves $1.00", sale.Refusal, StringComparison.Ordinal));
        await using var unit = await portal.Database.BeginOpsAsync();
        var numbers = await unit.Db.Set<Invoice>().OrderBy(row => row.Number).Select(row => row.Number).ToListAsync();
        Assert.Equal(Enumerable.Range(1, numbers.Count), numbers);
    }

    [Fact]
    public async Task A_void_invoice_takes_back_what_it_gave_and_the_rest_becomes_debt()
    {
        var tenant = await InvoicedTenant.OfAsync(portal, InvoiceCredit.OnApproval);
        var invoice = await tenant.BuyAsync();
        await SpendAsync(tenant, 100);

        Assert.Equal(VoidOutcome.Voided, await tenant.VoidAsync(invoice));
        Assert.Equal(VoidOutcome.AlreadyVoid, await tenant.VoidAsync(invoice));

        var balance = await new BalanceReader(portal.Database).ReadAsync(tenant.Id, Unit.Credits);
        Assert.Equal((0m, 100m), (balance.Posted.ToDecimal(), balance.Debt.ToDecimal()));
        Assert.Equal(TransferOutcome.IsVoid, await tenant.TransferAsync(invoice));
        Assert.Equal(StartOutcome.Invalid, (await tenant.PayOnlineAsync(invoice)).Outcome);
    }

    [Fact]
    public async Task An_overdue_invoice_stops_further_ones_and_each_reminder_goes_out_once()
    {
        var tenant = await InvoicedTenant.OfAsync(portal);
        var invoice = await tenant.BuyAsync();
        var reminders = portal.Services.GetRequiredService<InvoiceReminders>();
        foreach (var daysAgo in new[] { -3, 0, 1, 7, 14, 20 })
        {
            await tenant.MakeDueAsync(invoice, daysAgo);
            await reminders.RunAsync(1000);
            await reminders.RunAsync(1000);
        }

        Assert.Equal(InvoiceState.Overdue, (await tenant.InvoiceAsync(invoice.Id)).State);
        Assert.Contains("overdue", (await tenant.OrderAsync()).Refusal, StringComparison.Ordinal);
        await using var unit = await portal.Database.BeginOpsAsync();
        var told = await unit.Db.Set<Notification>().Where(row => row.TenantId == tenant.Id)
            .OrderBy(row => row.Id).Select(row => row.Title).ToListAsync();
        Assert.Equal(5, told.Count);
        Assert.EndsWith("is due today", told[2], StringComparison.Ordinal);
        Assert.EndsWith("two weeks overdue", told[4], StringComparison.Ordinal);
    }

    private async Task SpendAsync(InvoicedTenant tenant, decimal credits) =>
        await portal.Services.GetRequiredService<LedgerWriter>().PostAsync(new Posting
        {
            TenantId = tenant.Id,
            Operation = LedgerOperation.Debit,
            Amount = Amount.Of(credits, Unit.Credits),
            Kind = EntryKind.Usage,
            Counter = CounterAccount.SmsRevenue,
            Key = Ids.New(),
            CauseType = "test",
            OccurredAt = TimeProvider.System.GetUtcNow(),
        });

    private async Task<List<string>> LoggedAsync(InvoicedTenant tenant)
    {
        await using var unit = await portal.Database.BeginOpsAsync();
        return await unit.Db.Set<AuditLine>().Where(line => line.TenantId == tenant.Id).Select(line => line.Action).ToListAsync();
    }
}
