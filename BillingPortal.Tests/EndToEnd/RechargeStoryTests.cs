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
        await browser.BuyAsync(Paying.Visa);
        await browser.SwitchOnAsync();
        await browser.OpenAsync("/");
        await browser.ExpectTextAsync("As soon as less than 100 credits are left.");
        await browser.Page.EvaluateAsync("() => { window.sameDocument = true; }");
        using var program = await portal.Portal.ProgramAsync(browser.Tenant);

        await program.CallAsync(calls: 6);
        await ExpectAvailableAsync(browser, "100 credits");
        await program.CallAsync(calls: 1);

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
        await browser.BuyAsync(Paying.Visa, save: false);
        await browser.AddCardAsync("4000000000000341");
        await browser.SwitchOnAsync();
        using var program = await portal.Portal.ProgramAsync(browser.Tenant);

        await program.CallAsync(calls: 7);

        await browser.OpenAsync("/auto-recharge");
        await browser.ExpectTextAsync("declined the card");
        Assert.Equal(75, await portal.BalanceAsync(browser.Tenant.Id));
    }

    // The bank wants its customer every time: the recharge waits, the person confirms on the portal, the credits come.
    [Fact]
    public async Task A_bank_that_wants_its_customer_is_answered_later_on_the_portal()
    {
        await using var browser = await portal.SignedInAsync();
        await browser.BuyAsync(Paying.Visa, save: false);
        await browser.AddCardAsync("4000002760003184", asks: true);
        await browser.SwitchOnAsync();
        using var program = await portal.Portal.ProgramAsync(browser.Tenant);
        await program.CallAsync(calls: 7);

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
        await browser.BuyAsync(Paying.Visa, save: false);
        await browser.AddCardAsync("4000002500003155", asks: true);
        await browser.SwitchOnAsync();
        await browser.OpenAsync("/");
        using var program = await portal.Portal.ProgramAsync(browser.Tenant);

        await program.CallAsync(calls: 7);

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

    private static Task ExpectAvailableAsync(PortalPage browser, string amount) =>
        Assertions.Expect(browser.Page.GetByTestId("available")).ToHaveTextAsync(amount);
}
