using System.Text;
using BillingPortal.Invoices;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using Microsoft.Playwright;

namespace BillingPortal.Tests.EndToEnd;

/// <summary>Buying on invoice as people do it: a lead approves, the tenant orders, reads the file and pays.</summary>
public sealed class InvoicesTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task A_lead_approves_a_tenant_which_buys_on_invoice_and_pays_it_by_card()
    {
        await using var browser = await portal.SignedInAsync(MemberRole.Owner);
        await Assertions.Expect(browser.Page.GetByRole(AriaRole.Link, new() { Name = "Invoices" })).ToHaveCountAsync(0);
        await ApproveAsync(browser.Tenant, "when the invoice is paid");

        await OrderAsync(browser);
        await browser.ExpectTextAsync("is issued.");
        await browser.ExpectTextAsync("250 credits are added when it is paid.");
        await ExamineAsync(browser, "invoices-open");
        Assert.Equal(0, await portal.BalanceAsync(browser.Tenant.Id));
        var invoice = Assert.Single(await portal.Service<InvoiceReader>().ListAsync(browser.Tenant.Id, 5));
        await SaveFileAsync(browser, invoice, "invoice-open.pdf");

        await browser.Page.GetByRole(AriaRole.Link, new() { Name = $"Pay invoice {invoice.Text}" }).ClickAsync();
        await browser.ExpectTextAsync("added when paid");
        await ExamineAsync(browser, "invoice-pay");
        await browser.TypeCardAsync(Paying.Visa);
        await browser.PayAsync();
        await browser.ExpectPaidAsync();

        Assert.Equal(250, await portal.BalanceAsync(browser.Tenant.Id));
        await browser.OpenAsync("/invoices");
        await Assertions.Expect(browser.Page.Locator("tbody .badge")).ToHaveTextAsync("Paid");
        await SaveFileAsync(browser, invoice, "invoice-paid.pdf");
        await browser.OpenAsync("/statements");
        await browser.ExpectTextAsync("250 credits");
        await browser.OpenAsync("/transactions");
        await browser.ExpectTextAsync($"Invoice {invoice.Text}: 250 credits");
        await browser.ShootAsync("invoice-transactions-1440-light");
    }

    [Fact]
    public async Task Credits_come_with_the_invoice_where_that_was_approved_and_staff_records_the_transfer()
    {
        await using var browser = await portal.SignedInAsync(MemberRole.Owner);
        await using var lead = await ApproveAsync(browser.Tenant, "when the invoice is issued", keepOpen: true);
        await OrderAsync(browser);
        await browser.ExpectTextAsync("250 credits are in your balance.");
        Assert.Equal(250, await portal.BalanceAsync(browser.Tenant.Id));
        var invoice = Assert.Single(await portal.Service<InvoiceReader>().ListAsync(browser.Tenant.Id, 5));

        await lead!.OpenAsync($"/staff/tenants/{browser.Tenant.Id}/invoices");
        await lead.Page.GetByRole(AriaRole.Button, new() { Name = $"Record transfer for {invoice.Text}" }).ClickAsync();
        await lead.Page.GetByLabel("Amount received").FillAsync("6.49");
        await lead.Page.GetByLabel("Reference on the bank").FillAsync("SEPA 4711");
        await ExamineAsync(lead, "staff-invoices");
        await lead.Page.GetByRole(AriaRole.Button, new() { Name = "Record the transfer" }).ClickAsync();
        await lead.ExpectTextAsync("The amount must be exactly $6.50.");
        foreach (var typed in new[] { "6.505", "1e9", "9999999999999999999999999999", "-6.50", "" })
        {
            await lead.Page.GetByLabel("Amount received").FillAsync("6.50");
            await lead.Page.GetByLabel("Amount received").FillAsync(typed); // never the last number that could be read
            await lead.Page.GetByRole(AriaRole.Button, new() { Name = "Record the transfer" }).ClickAsync();
            await lead.ExpectTextAsync("The amount must be exactly $6.50.");
        }

        // Anew: the last of the refusals above reads like the one before it, and one click at a time is taken.
        await lead.OpenAsync($"/staff/tenants/{browser.Tenant.Id}/invoices");
        await lead.Page.GetByLabel("Limit for unpaid invoices").FillAsync("");
        await lead.Page.GetByRole(AriaRole.Button, new() { Name = "Save terms" }).ClickAsync();
        await lead.ExpectTextAsync("The limit must be more than nothing");
        await lead.Page.GetByRole(AriaRole.Button, new() { Name = $"Record transfer for {invoice.Text}" }).ClickAsync();
        await lead.Page.GetByLabel("Amount received").FillAsync("6.50");
        await lead.Page.GetByLabel("Reference on the bank").FillAsync("SEPA 4711");
        await lead.Page.GetByRole(AriaRole.Button, new() { Name = "Record the transfer" }).ClickAsync();
        await lead.ExpectTextAsync("the tenant gets its receipt");

        await Assertions.Expect(browser.Page.Locator("tbody .badge")).ToHaveTextAsync("Paid"); // the open page follows
        Assert.Equal(250, await portal.BalanceAsync(browser.Tenant.Id));
        await browser.OpenAsync($"/invoices/{invoice.Id}/pay");
        await browser.ExpectTextAsync("This invoice is paid");
    }

    private async Task<PortalPage?> ApproveAsync(Tenant tenant, string gives, bool keepOpen = false)
    {
        var email = $"lead-{Ids.New():N}@portal.example";
        await portal.Portal.TenantService.AddStaffAsync(new NewPerson(email, "Lena Hoff", PortalHost.Password), StaffRole.Lead);
        var lead = await portal.StrangerAsync();
        await lead.TakeSessionAsync(email);
        await lead.OpenAsync($"/staff/tenants/{tenant.Id}/invoices");
        await lead.Page.GetByLabel("This tenant may buy on invoice").CheckAsync();
        await lead.Page.GetByLabel("Days to pay").FillAsync("14");
        await lead.Page.GetByLabel("Limit for unpaid invoices").FillAsync("500");
        await lead.Page.GetByLabel("Credits are given").SelectOptionAsync(new SelectOptionValue { Label = gives });
        await lead.Page.GetByRole(AriaRole.Button, new() { Name = "Save terms" }).ClickAsync();
        await lead.ExpectTextAsync("The terms hold for invoices from now on.");
        if (keepOpen)
        {
            return lead;
        }

        await lead.DisposeAsync();
        return null;
    }

    private static async Task OrderAsync(PortalPage browser)
    {
        await browser.OpenAsync("/buy");
        await browser.ChoosePackageAsync(250);
        await browser.Page.GetByText("Pay by invoice, due").ClickAsync();
        await ExamineAsync(browser, "buy-invoice");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Order for $6.50 on invoice" }).ClickAsync();
    }

    private static async Task SaveFileAsync(PortalPage browser, Invoice invoice, string name)
    {
        var file = await browser.Page.APIRequest.GetAsync($"/api/invoices/{invoice.Id}.pdf");
        var bytes = await file.BodyAsync();
        Assert.StartsWith("%PDF-", Encoding.ASCII.GetString(bytes, 0, 8), StringComparison.Ordinal);
        Directory.CreateDirectory(Pictures.Folder);
        await File.WriteAllBytesAsync(Path.Combine(Pictures.Folder, name), bytes);
    }

    private static async Task ExamineAsync(PortalPage browser, string name)
    {
        foreach (var (suffix, look) in new[] { ("1440-light", new Look()), ("390-dark", new Look(390, 844, IsDark: true)) })
        {
            await browser.LookAsync(look);
            await browser.ShootAsync($"{name}-{suffix}");
            await browser.AssertFitsAsync();
            await browser.AssertAccessibleAsync();
        }

        await browser.LookAsync(new Look());
    }
}
