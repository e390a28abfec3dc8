using BillingPortal.Cards;
using BillingPortal.Kernel;
using BillingPortal.Purchases;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using Microsoft.Playwright;

namespace BillingPortal.Tests.EndToEnd;

/// <summary>The staff's desk, as an agent and a lead use it in their browsers.</summary>
public sealed class DeskTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task An_agent_finds_a_tenant_by_its_payment_and_refunds_half_of_it()
    {
        var (tenant, purchase) = await BoughtAsync("Bergmann Telefonie");
        await using var browser = await portal.StaffAsync(StaffRole.Agent);
        await browser.OpenAsync("/staff");
        await browser.Page.GetByLabel("Search tenants").FillAsync(purchase.PaymentIntentId!);
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Search" }).ClickAsync();
        await Expect(browser.Page.Locator(".desk-reason")).ToContainTextAsync("Payment pi_");
        await ExamineAsync(browser, "staff-search");
        await browser.Page.GetByRole(AriaRole.Link, new() { Name = "Bergmann Telefonie" }).ClickAsync();
        await browser.AtAsync($"/staff/tenants/{tenant.Id}");
        await browser.WaitForReadyAsync();
        await ExamineAsync(browser, "staff-tenant");

        await browser.Page.GetByRole(AriaRole.Link, new() { NameRegex = new("^Refund R-") }).ClickAsync();
        await browser.AtAsync("attempt=");
        await browser.WaitForReadyAsync();
        await Expect(Plan(browser)).ToContainTextAsync("Taken from the balance1,000 credits");
        // By the keyboard: the form may still move under a mouse while its page is settling.
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Half" }).PressAsync("Enter");
        await Expect(Plan(browser)).ToContainTextAsync("Taken from the balance500 credits");
        await Expect(Plan(browser)).ToContainTextAsync("Becomes debt0 credits");
        await browser.Page.GetByLabel("Reason").SelectOptionAsync("ServiceProblem");
        await browser.Page.GetByLabel("Note for the tenant").FillAsync("Your calls broke off on Tuesday.");
        await ExamineAsync(browser, "staff-refund");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Refund $11.00" }).ClickAsync();
        var dialog = browser.Page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("Back toVisa ••4242");
        await Expect(dialog).ToContainTextAsync("Money back$11.00");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Refund $11.00" }).ClickAsync();

        await Expect(browser.Page.GetByRole(AriaRole.Status).First).ToContainTextAsync("The money is on its way to the card");
        await browser.Page.ReloadAsync(); // the same attempt, not a second one
        await browser.WaitForReadyAsync();
        await Expect(browser.Page.GetByText("The money is on its way to the card")).ToBeVisibleAsync();
        await ExamineAsync(browser, "staff-refunded");
        Assert.Equal(500, await portal.BalanceAsync(tenant.Id));
        Assert.Equal(1100, (await PurchaseAsync(tenant.Id, purchase.Id)).RefundedCents);

        await using var owner = await portal.SignedInAsync(tenant, MemberRole.Owner);
        await owner.OpenAsync("/transactions");
        await owner.ExpectTextAsync("Your calls broke off on Tuesday.");
    }

    [Fact]
    public async Task A_lead_approves_a_colleagues_adjustment()
    {
        var (tenant, _) = await BoughtAsync("Nordlicht GmbH");
        await using var agent = await portal.StaffAsync(StaffRole.Agent);
        await agent.OpenAsync($"/staff/tenants/{tenant.Id}/adjust");
        await agent.AtAsync("attempt=");
        await agent.WaitForReadyAsync();
        await agent.Page.GetByLabel("How much").FillAsync("-5"); // giving less than nothing would take
        await Expect(Plan(agent)).ToContainTextAsync("Write a number above 0");
        await Expect(Plan(agent)).ToContainTextAsync("Available afterwards1,000 credits");
        await Expect(agent.Page.GetByRole(AriaRole.Button, new() { Name = "Give 0 credits" })).ToBeDisabledAsync();
        await agent.Page.GetByLabel("How much").FillAsync("5000");
        await Expect(Plan(agent)).ToContainTextAsync("Available afterwards6,000 credits");
        await Expect(Plan(agent)).ToContainTextAsync("A second person decides");
        await agent.Page.GetByLabel("Note for the tenant").FillAsync("For the outage of last week.");
        await ExamineAsync(agent, "staff-adjust");
        await agent.Page.GetByRole(AriaRole.Button, new() { Name = "Ask to give 5,000 credits" }).ClickAsync();
        await agent.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Ask to give 5,000 credits" })
            .ClickAsync();
        await Expect(agent.Page.GetByText("Waits for a second person")).ToBeVisibleAsync();
        Assert.Equal(1000, await portal.BalanceAsync(tenant.Id));

        await using var lead = await portal.StaffAsync(StaffRole.Lead);
        await lead.OpenAsync("/staff/approvals");
        var request = lead.Page.GetByRole(AriaRole.Region, new() { Name = "Adjustment of +5,000 credits for Nordlicht GmbH" });
        await Expect(request).ToContainTextAsync("For the outage of last week.");
        await Expect(request).ToContainTextAsync("1,000 credits available, 6,000 credits afterwards.");
        await ExamineAsync(lead, "staff-approvals");
        await request.GetByLabel("Note").FillAsync("Agreed with the team");
        await request.GetByRole(AriaRole.Button, new() { Name = "Approve" }).ClickAsync();
        await Expect(lead.Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("1,000 credits available, 6,000 credits afterwards.");
        await lead.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Book +5,000 credits" }).ClickAsync();

        await Expect(lead.Page.GetByText("Booked as entry credits-2")).ToBeVisibleAsync();
        await Expect(lead.Page.GetByRole(AriaRole.Row, new() { Name = "+5,000 credits for Nordlicht GmbH" })).ToBeVisibleAsync();
        await Expect(agent.Page.GetByText("Booked as entry credits-2")).ToBeVisibleAsync(); // the agent's page follows
        Assert.Equal(6000, await portal.BalanceAsync(tenant.Id));
    }

    [Fact]
    public async Task Staff_fetches_the_receipt_that_the_tenant_has()
    {
        var (tenant, purchase) = await BoughtAsync("Acme Voice");
        var (other, _) = await BoughtAsync("Bolt");
        var email = $"{Ids.New():N}@portal.example";
        await portal.Portal.TenantService.AddStaffAsync(new NewPerson(email, "Sam Porter", PortalHost.Password), StaffRole.Agent);
        using var staff = await portal.Portal.SignedInAsync(email);

        var file = await staff.GetAsync($"/staff/tenants/{tenant.Id}/receipts/{purchase.Id}.pdf");
        var foreign = await staff.GetAsync($"/staff/tenants/{other.Id}/receipts/{purchase.Id}.pdf");

        Assert.Equal("application/pdf", file.Content.Headers.ContentType?.MediaType);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, foreign.StatusCode);
    }

    // Every address of the staff, asked for by a tenant's owner.
    [Fact]
    public async Task A_tenants_owner_reaches_nothing_of_the_desk()
    {
        var (tenant, purchase) = await BoughtAsync("Acme Voice");
        using var owner = await portal.Portal.SignedInAsync(tenant, MemberRole.Owner);
        using var program = await portal.Portal.ProgramAsync(tenant);

        foreach (var path in new[]
        {
            "/staff", "/staff/approvals", $"/staff/tenants/{tenant.Id}", $"/staff/tenants/{tenant.Id}/adjust",
            $"/staff/tenants/{tenant.Id}/payments/{purchase.Id}/refund",
            $"/staff/tenants/{tenant.Id}/receipts/{purchase.Id}.pdf",
        })
        {
            Assert.Equal(System.Net.HttpStatusCode.Forbidden, (await owner.GetAsync(path)).StatusCode);
            Assert.Equal(System.Net.HttpStatusCode.Forbidden, (await program.GetAsync(path)).StatusCode);
        }
    }

    private static ILocator Plan(PortalPage browser) => browser.Page.Locator(".desk-plan");

    private static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);

    private static async Task ExamineAsync(PortalPage browser, string name)
    {
        foreach (var (suffix, look) in new[]
        {
            ("1440-light", new Look()), ("1440-dark", new Look(IsDark: true)), ("390-dark", Look.Phone with { IsDark = true }),
            ("390-light", Look.Phone),
        })
        {
            await browser.LookAsync(look);
            await browser.ShootAsync($"{name}-{suffix}");
            await browser.AssertFitsAsync();
            await browser.AssertAccessibleAsync();
        }

        await browser.LookAsync(new Look());
    }

    // 1,000 credits for $22.00, paid with a saved card.
    private async Task<(Tenant Tenant, Purchase Purchase)> BoughtAsync(string name)
    {
        var tenant = await portal.Portal.TenantAsync(name: name);
        await portal.Portal.PersonAsync(tenant, MemberRole.Owner);
        var customer = await portal.Service<CardService>().EnsureCustomerAsync(tenant.Id);
        var card = await portal.Sandbox.Stripe.SavedCardAsync(customer);
        await portal.Service<CardService>().SaveAsync(card, tenant.Id);
        var start = await portal.Service<PurchaseService>().StartAsync(
            tenant.Id, new StartPurchase { PackageId = "credits-1000", PaymentMethodId = card }, Ids.New().ToString());
        return (tenant, await PurchaseAsync(tenant.Id, start.Purchase!.Id));
    }

    private async Task<Purchase> PurchaseAsync(Guid tenantId, Guid id) =>
        (await portal.Service<PurchaseReader>().FindAsync(tenantId, id))!;
}
