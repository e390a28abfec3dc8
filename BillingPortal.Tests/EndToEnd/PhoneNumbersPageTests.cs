using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.PhoneNumbers;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BillingPortal.Tests.EndToEnd;

/// <summary>The page of phone numbers, as a person uses it. Each test buys in an area code of its own.</summary>
public sealed class PhoneNumbersPageTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    // 1,000 credits, 500 set-up: asked in figures, bought once, on the page at once.
    [Fact]
    public async Task A_number_is_found_bought_and_labelled()
    {
        await using var browser = await portal.SignedInAsync();
        await CreditAsync(browser.Tenant, 1000);
        await browser.OpenAsync("/numbers");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Find your first number" }).ClickAsync();
        await browser.Page.GetByLabel("Area code").FillAsync("937");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Search", Exact = true }).ClickAsync();
        await Expect(browser.Page.GetByText("500 credits once, first month included, then 100 credits a month")).ToBeVisibleAsync();
        await ExamineAsync(browser, "numbers-search");

        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Buy for 500 credits +1 937 555 0100" }).ClickAsync();
        var dialog = browser.Page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("Buy +1 937 555 0100 for 500 credits?");
        await Expect(dialog).ToContainTextAsync("Available afterwards");
        await browser.ShootAsync("numbers-question-1440-light");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Buy for 500 credits" }).ClickAsync();

        var row = Row(browser, "+1 937 555 0100");
        await Expect(row).ToContainTextAsync("Active");
        Assert.Equal(500, await portal.BalanceAsync(browser.Tenant.Id));
        await row.GetByRole(AriaRole.Button, new() { Name = "Label" }).ClickAsync();
        await row.GetByPlaceholder("What you call it").FillAsync("Front desk");
        await row.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(row).ToContainTextAsync("Front desk");
        await Expect(browser.Page.GetByText("with the set-up fee")).ToBeVisibleAsync();
    }

    // Three numbers, 150 credits: one renews, two are suspended; a top-up brings them back while the page is open.
    [Fact]
    public async Task Suspended_numbers_say_so_and_come_back_by_themselves_with_a_top_up()
    {
        await using var browser = await portal.SignedInAsync(MemberRole.Owner);
        await CreditAsync(browser.Tenant, 1650);
        for (var line = 0; line < 3; line++)
        {
            await BuyAsync(browser.Tenant, $"+1938555010{line}", line == 0 ? "Support line" : null);
        }

        await FallDueAsync(browser.Tenant);
        await browser.OpenAsync("/numbers");

        await Expect(browser.Page.Locator("[data-state=Suspended]")).ToHaveCountAsync(2);
        await Expect(browser.Page.GetByText("Not covered from")).ToBeVisibleAsync();
        await Expect(browser.Page.GetByRole(AriaRole.Link, new() { Name = "Top up to resume" })).ToHaveCountAsync(2);
        await ExamineAsync(browser, "numbers-suspended");

        await TopUpAsync(browser.Tenant, 700);

        await Expect(browser.Page.Locator("[data-state=Active]")).ToHaveCountAsync(3);
        await Expect(browser.Page.Locator("[data-state=Suspended]")).ToHaveCountAsync(0);
        Assert.Equal(550, await portal.BalanceAsync(browser.Tenant.Id));
        await ExamineAsync(browser, "numbers-lived");
    }

    // Credits that came without being a top-up cover it: the person resumes it.
    [Fact]
    public async Task A_covered_number_is_resumed_by_hand()
    {
        await using var browser = await portal.SignedInAsync();
        await CreditAsync(browser.Tenant, 500);
        await BuyAsync(browser.Tenant, "+19395550100");
        await FallDueAsync(browser.Tenant);
        await CreditAsync(browser.Tenant, 130);
        await browser.OpenAsync("/numbers");

        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Resume now" }).ClickAsync();
        await browser.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Resume for 100 credits" }).ClickAsync();

        await Expect(Row(browser, "+1 939 555 0100")).ToContainTextAsync("Active");
        Assert.Equal(30, await portal.BalanceAsync(browser.Tenant.Id));
        await browser.Page.GetByRole(AriaRole.Link, new() { Name = "100 credits" }).ClickAsync();
        await browser.AtAsync("/transactions");
        await Expect(browser.Page.GetByText("Rent of +19395550100")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task A_release_asks_first_and_is_final()
    {
        await using var browser = await portal.SignedInAsync();
        await CreditAsync(browser.Tenant, 500);
        await BuyAsync(browser.Tenant, "+19405550100");
        await browser.OpenAsync("/numbers");

        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Release +1 940 555 0100" }).ClickAsync();
        var dialog = browser.Page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("This cannot be undone");
        await Expect(dialog).ToContainTextAsync("Refund of the running month");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Expect(Row(browser, "+1 940 555 0100")).ToContainTextAsync("Active");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Release +1 940 555 0100" }).ClickAsync();
        await browser.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Release for good" }).ClickAsync();

        await Expect(browser.Page.GetByText("No phone numbers yet")).ToBeVisibleAsync();
        await using var unit = await portal.Service<Database>().BeginAsync(browser.Tenant.Id);
        Assert.Equal(PhoneNumberState.Released, unit.Db.Set<PhoneNumber>().Single().State);
    }

    [Fact]
    public async Task A_viewer_sees_the_numbers_and_can_change_nothing()
    {
        var tenant = await portal.Portal.TenantAsync();
        await CreditAsync(tenant, 500);
        await BuyAsync(tenant, "+19415550100", "Front desk");
        await using var browser = await portal.SignedInAsync(tenant, MemberRole.Viewer);

        await browser.OpenAsync("/numbers");

        await Expect(Row(browser, "+1 941 555 0100")).ToContainTextAsync("Front desk");
        await Expect(browser.Page.Locator("main button")).ToHaveCountAsync(0);
        await ExamineAsync(browser, "numbers-viewer");
    }

    [Fact]
    public async Task A_set_up_fee_that_is_not_covered_cannot_be_spent()
    {
        await using var browser = await portal.SignedInAsync();
        await CreditAsync(browser.Tenant, 120);
        await browser.OpenAsync("/numbers");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Buy a number" }).ClickAsync();
        await browser.Page.GetByLabel("Area code").FillAsync("942");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Search", Exact = true }).ClickAsync();

        await Expect(browser.Page.GetByText("380 credits are missing.")).ToBeVisibleAsync();
        await Expect(browser.Page.GetByRole(AriaRole.Button, new() { Name = "Buy for 500 credits +1 942 555 0100" })).ToBeDisabledAsync();
    }

    private static ILocator Row(PortalPage browser, string number) =>
        browser.Page.Locator(".number-rows > li").Filter(new() { HasText = number });

    private static async Task ExamineAsync(PortalPage browser, string name)
    {
        foreach (var (look, tag) in new[]
        {
            (new Look(), "1440-light"), (new Look(IsDark: true), "1440-dark"), (Look.Phone with { IsDark = true }, "390-dark"),
            (Look.Phone, "390-light"), (new Look(), "1440-light"),
        })
        {
            await browser.LookAsync(look);
            await browser.ShootAsync($"{name}-{tag}");
            await browser.AssertFitsAsync();
            await browser.AssertAccessibleAsync();
        }
    }

    private async Task BuyAsync(Tenant tenant, string number, string? label = null)
    {
        var bought = await portal.Service<PhoneNumberService>().BuyAsync(
            tenant.Id, tenant.Plan, new BuyWish(number, "US", label), Ids.New().ToString());
        Assert.Equal(BuyOutcome.Bought, bought.Outcome);
    }

    // A month has passed since they were bought.
    private async Task FallDueAsync(Tenant tenant)
    {
        await using (var unit = await portal.Service<Database>().BeginOpsAsync())
        {
            await using var due = unit.Command(
                "UPDATE phone_numbers SET next_billing_date = date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' "
                + "WHERE tenant_id = $1", tenant.Id);
            await due.ExecuteNonQueryAsync();
            await using var first = unit.Command(
                "UPDATE number_rents SET period_start = period_start - interval '1 month' WHERE tenant_id = $1", tenant.Id);
            await first.ExecuteNonQueryAsync();
            await unit.CommitAsync();
        }

        await portal.Service<RentService>().RunAsync();
    }

    private Task<PostResult> CreditAsync(Tenant tenant, decimal credits) =>
        portal.Service<LedgerWriter>().PostAsync(Credit(tenant, credits));

    private async Task TopUpAsync(Tenant tenant, decimal credits)
    {
        await using var unit = await portal.Service<Database>().BeginOpsAsync();
        await portal.Service<TopUp>().PostAsync(unit, [Credit(tenant, credits)]);
        await unit.CommitAsync();
    }

    private static Posting Credit(Tenant tenant, decimal credits) => new()
    {
        TenantId = tenant.Id,
        Operation = LedgerOperation.Credit,
        Amount = Amount.Credits(credits),
        Kind = EntryKind.Purchase,
        Counter = CounterAccount.CardClearing,
        Key = Ids.New(),
        CauseType = "test",
        OccurredAt = TimeProvider.System.GetUtcNow(),
    };
}
