using System.Net.Http.Json;
using System.Text.Json.Nodes;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using Microsoft.Playwright;

namespace BillingPortal.Tests.EndToEnd;

/// <summary>The promise of the product, from the first purchase to the recharge that nobody had to think of.</summary>
public sealed class RechargeStoryTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    // 250 credits bought; calls of 25 each take them to 100 and then to 75: below 100, so 250 and a bonus of 20 arrive.
    [Fact]
    public async Task Usage_recharges_the_balance_while_the_overview_is_open()
    {
        await using var browser = await portal.SignedInAsync();
        await BuyAsync(browser, Paying.Visa);
        await SwitchOnAsync(browser);
        await browser.OpenAsync("/");
        await browser.ExpectTextAsync("As soon as less than 100 credits is available.");
        await browser.Page.EvaluateAsync("() => { window.sameDocument = true; }");
        using var program = await portal.Portal.ProgramAsync(browser.Tenant);

        await CallAsync(program, minutes: 6);
        await ExpectAvailableAsync(browser, "100 credits");
        await CallAsync(program, minutes: 1);

        await ExpectAvailableAsync(browser, "345 credits");
        await Assertions.Expect(browser.Page.GetByTestId("latest")).ToContainTextAsync("Auto-recharge: 250 credits");
        Assert.True(await browser.Page.EvaluateAsync<bool>("() => window.sameDocument === true"));
        await browser.OpenAsync("/transactions?kind=purchase");
        await Assertions.Expect(browser.Page.Locator(".transaction-table tbody tr")).ToHaveCountAsync(2);
        await browser.OpenAsync("/auto-recharge");
        await browser.ExpectTextAsync("Auto-recharge is on");
    }

    // The card can be saved; every charge of it is declined. The balance stays where usage left it, and the page says why.
    [Fact]
    public async Task A_refused_recharge_is_told_on_the_page()
    {
        await using var browser = await portal.SignedInAsync();
        await BuyAsync(browser, Paying.Visa, save: false);
        await AddCardAsync(browser, "4000000000000341");
        await SwitchOnAsync(browser);
        using var program = await portal.Portal.ProgramAsync(browser.Tenant);

        await CallAsync(program, minutes: 7);

        await browser.OpenAsync("/auto-recharge");
        await browser.ExpectTextAsync("declined the card");
        Assert.Equal(75, await portal.BalanceAsync(browser.Tenant.Id));
    }

    // The bank wants its customer every time: the recharge waits, the person confirms on the portal, the credits come.
    [Fact]
    public async Task A_bank_that_wants_its_customer_is_answered_later_on_the_portal()
    {
        await using var browser = await portal.SignedInAsync();
        await BuyAsync(browser, Paying.Visa, save: false);
        await AddCardAsync(browser, "4000002760003184", asks: true);
        await SwitchOnAsync(browser);
        using var program = await portal.Portal.ProgramAsync(browser.Tenant);
        await CallAsync(program, minutes: 7);

        await browser.OpenAsync("/auto-recharge");
        await browser.Page.GetByRole(AriaRole.Link, new() { Name = "Confirm $6.50 with your bank" }).ClickAsync();
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Confirm $6.50 for Acme Voice" }).ClickAsync();
        await browser.AnswerBankAsync("Complete");

        await Assertions.Expect(browser.Page.Locator("[data-state=succeeded]")).ToBeVisibleAsync();
        Assert.Equal(345, await portal.BalanceAsync(browser.Tenant.Id));
    }

    // Asked once when it was saved, the bank lets later charges pass without its customer.
    [Fact]
    public async Task A_card_that_was_set_up_with_the_bank_is_charged_without_its_customer()
    {
        await using var browser = await portal.SignedInAsync();
        await BuyAsync(browser, Paying.Visa, save: false);
        await AddCardAsync(browser, "4000002500003155", asks: true);
        await SwitchOnAsync(browser);
        await browser.OpenAsync("/");
        using var program = await portal.Portal.ProgramAsync(browser.Tenant);

        await CallAsync(program, minutes: 7);

        await ExpectAvailableAsync(browser, "345 credits");
    }

    [Fact]
    public async Task A_viewer_sees_the_rule_and_cannot_change_it()
    {
        await using var browser = await portal.SignedInAsync(MemberRole.Viewer);

        await browser.OpenAsync("/auto-recharge");

        await browser.ExpectTextAsync("You can look at the rule.");
        await Assertions.Expect(browser.Page.GetByRole(AriaRole.Switch)).ToBeDisabledAsync();
        await Assertions.Expect(browser.Page.GetByRole(AriaRole.Button, new() { Name = "Save" })).ToHaveCountAsync(0);
    }

    private static async Task BuyAsync(PortalPage browser, string number, bool save = true)
    {
        await browser.OpenAsync("/buy");
        await browser.ChoosePackageAsync(250);
        await browser.TypeCardAsync(number);
        await browser.Page.GetByLabel("Save this card for next time").SetCheckedAsync(save);
        await browser.PayAsync();
        await browser.ExpectPaidAsync();
    }

    private static async Task AddCardAsync(PortalPage browser, string number, bool asks = false)
    {
        await browser.OpenAsync("/cards");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Add card" }).ClickAsync();
        await browser.TypeCardAsync(number);
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Save card" }).ClickAsync();
        if (asks)
        {
            await browser.AnswerBankAsync("Complete");
        }

        await browser.ExpectTextAsync(number[^4..]);
    }

    // Below 100, buy the package of 250.
    private static async Task SwitchOnAsync(PortalPage browser)
    {
        await browser.OpenAsync("/auto-recharge");
        await browser.Page.GetByRole(AriaRole.Switch).CheckAsync();
        await browser.Page.GetByLabel("When less than this is left").FillAsync("100");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Package" }).ClickAsync();
        await browser.Page.GetByLabel("Package").SelectOptionAsync("credits-250");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await browser.ExpectTextAsync("Auto-recharge is on");
    }

    private static async Task CallAsync(HttpClient program, int minutes)
    {
        for (var call = 0; call < minutes; call++)
        {
            using var answer = await program.PostAsJsonAsync("/api/usage", new
            {
                service = "voice",
                quantity = 1,
                reference_id = $"CA{Ids.New():N}",
                occurred_at = TimeProvider.System.GetUtcNow(),
            });
            var body = await answer.Content.ReadFromJsonAsync<JsonObject>();
            Assert.Equal("posted", (string?)body!["outcome"]);
        }
    }

    private static Task ExpectAvailableAsync(PortalPage browser, string amount) =>
        Assertions.Expect(browser.Page.GetByTestId("available")).ToHaveTextAsync(amount);
}
