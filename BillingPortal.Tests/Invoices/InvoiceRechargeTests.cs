using BillingPortal.AutoRecharge;
using BillingPortal.Invoices;
using BillingPortal.Tests.Purchases;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Invoices;

/// <summary>Auto-recharge that issues an invoice instead of charging a card: one at a time, within limit and terms.</summary>
public sealed class InvoiceRechargeTests(PaidPortal portal) : IClassFixture<PaidPortal>
{
    private AutoRechargeService Recharges => portal.Services.GetRequiredService<AutoRechargeService>();

    [Fact]
    public async Task A_recharge_by_invoice_gives_its_credits_at_once_where_that_was_approved()
    {
        var tenant = await InvoicedTenant.OfAsync(portal, InvoiceCredit.OnApproval);
        await SaveAsync(tenant);

        var run = await Recharges.RunAsync(tenant.Id, RechargeTrigger.Manual);

        Assert.Equal((RechargeReason.Charge, AttemptState.Succeeded), (run.Reason, run.State));
        var invoice = Assert.Single(await InvoicesAsync(tenant));
        Assert.Equal((InvoiceOrigin.AutoRecharge, 650), (invoice.Origin, invoice.PriceCents));
        Assert.Equal(270, await tenant.Buyer.BalanceAsync()); // the bonus of every auto-recharge
        Assert.Empty(await tenant.PaymentsAsync());
        Assert.Equal(0, (await tenant.Buyer.ChargesAsync()).SucceededCharges);

        Assert.Equal(TransferOutcome.Recorded, await tenant.TransferAsync(invoice));
        Assert.Equal(270, await tenant.Buyer.BalanceAsync());
    }

    // The credits come with the payment: eight triggers at once issue one invoice, the others wait for it.
    [Fact]
    public async Task While_the_last_recharges_invoice_is_unpaid_no_other_is_issued()
    {
        var tenant = await InvoicedTenant.OfAsync(portal);
        await SaveAsync(tenant);

        var runs = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Recharges.RunAsync(tenant.Id, RechargeTrigger.Manual)));

        Assert.Single(runs, run => run.Reason is RechargeReason.Charge);
        Assert.Equal(7, runs.Count(run => run.Reason is RechargeReason.InvoiceUnpaid));
        Assert.Equal(0, await tenant.Buyer.BalanceAsync());
        await tenant.TransferAsync(Assert.Single(await InvoicesAsync(tenant)));
        Assert.Equal(270, await tenant.Buyer.BalanceAsync());
        Assert.Equal(RechargeReason.Charge, (await Recharges.RunAsync(tenant.Id, RechargeTrigger.Manual)).Reason);
    }

    [Fact]
    public async Task Beyond_the_limit_for_unpaid_invoices_the_reason_is_stored_and_none_is_issued()
    {
        var tenant = await InvoicedTenant.OfAsync(portal, InvoiceCredit.OnApproval, limitCents: 1_000);
        await SaveAsync(tenant);
        await Recharges.RunAsync(tenant.Id, RechargeTrigger.Manual);

        var second = await Recharges.RunAsync(tenant.Id, RechargeTrigger.Manual);

        Assert.Equal((RechargeReason.InvoiceLimit, 350L), (second.Reason, second.Decision.LeftCents));
        Assert.Single(await InvoicesAsync(tenant));
        Assert.Contains("of which $3.50 is left", RechargeTexts.Sentence(
            second.Reason, null, second.Decision.LeftCents, second.Decision.Order!.PriceCents, "UTC"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_spending_limit_counts_invoices_too()
    {
        var tenant = await InvoicedTenant.OfAsync(portal, InvoiceCredit.OnApproval);
        await SaveAsync(tenant, monthlyLimit: 10);
        await Recharges.RunAsync(tenant.Id, RechargeTrigger.Manual);

        Assert.Equal(RechargeReason.SpendingLimit, (await Recharges.RunAsync(tenant.Id, RechargeTrigger.Manual)).Reason);
    }

    [Fact]
    public async Task Overdue_invoices_and_withdrawn_terms_stop_it_and_nobody_without_terms_can_choose_it()
    {
        var tenant = await InvoicedTenant.OfAsync(portal, InvoiceCredit.OnApproval);
        await SaveAsync(tenant);
        await Recharges.RunAsync(tenant.Id, RechargeTrigger.Manual);
        await tenant.MakeDueAsync(Assert.Single(await InvoicesAsync(tenant)), daysAgo: 1);
        Assert.Equal(RechargeReason.InvoiceOverdue, (await Recharges.RunAsync(tenant.Id, RechargeTrigger.Manual)).Reason);

        await portal.Services.GetRequiredService<InvoiceTermsService>()
            .SaveAsync(tenant.Id, new TermsWish(false, 14, 50_000, InvoiceCredit.OnApproval), InvoicedTenant.Lead);
        Assert.Equal(
            RechargeReason.InvoiceNotApproved, (await Recharges.RunAsync(tenant.Id, RechargeTrigger.Manual)).Reason);

        var other = await portal.BuyerAsync();
        var saved = await portal.Services.GetRequiredService<RechargeSettings>()
            .SaveAsync(other.Id, new RechargeChange { PaysByInvoice = true }, RechargeDoor.Portal);
        Assert.Contains("not approved", saved.Problem, StringComparison.Ordinal);
    }

    // Off, so that no crossing runs beside the test; a manual trigger ignores that.
    private async Task SaveAsync(InvoicedTenant tenant, decimal? monthlyLimit = null)
    {
        var saved = await portal.Services.GetRequiredService<RechargeSettings>().SaveAsync(
            tenant.Id, new RechargeChange
            {
                Enabled = false,
                Threshold = 100,
                PackageId = "credits-250",
                PaysByInvoice = true,
                MonthlyLimit = monthlyLimit,
            }, RechargeDoor.Portal);
        Assert.Null(saved.Problem);
    }

    private async Task<List<Invoice>> InvoicesAsync(InvoicedTenant tenant)
    {
        await using var unit = await portal.Database.BeginOpsAsync();
        return await unit.Db.Set<Invoice>().AsNoTracking().Where(row => row.TenantId == tenant.Id).ToListAsync();
    }
}
