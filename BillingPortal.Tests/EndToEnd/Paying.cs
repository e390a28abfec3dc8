using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Tests.Support;
using Microsoft.Playwright;

namespace BillingPortal.Tests.EndToEnd;

/// <summary>What a person does to pay, in the portal's words and in the sandbox's card form.</summary>
internal static class Paying
{
    public const string Visa = "4242424242424242";

    public static async Task ChoosePackageAsync(this PortalPage browser, int credits) =>
        await browser.Page.Locator($"input[name=package][value=credits-{credits}]").CheckAsync();

    /// <summary>Types a test card that is valid for some years.</summary>
    public static async Task TypeCardAsync(this PortalPage browser, string number)
    {
        await browser.Page.GetByLabel("Card number").FillAsync(number);
        await browser.Page.GetByLabel("Expiry (MM / YY)").FillAsync("1234");
        await browser.Page.GetByLabel("Security code").FillAsync("123");
    }

    public static async Task SaveCardAsync(this PortalPage browser) =>
        await browser.Page.GetByLabel("Save this card for next time").CheckAsync();

    public static async Task PayAsync(this PortalPage browser) =>
        await browser.Page.Locator("button.pay").ClickAsync();

    /// <summary>What the bank's dialog is answered with: Complete or Fail.</summary>
    public static async Task AnswerBankAsync(this PortalPage browser, string answer) =>
        await browser.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = answer }).ClickAsync();

    public static async Task ExpectPaidAsync(this PortalPage browser) =>
        await Assertions.Expect(browser.Page.GetByText("Payment received")).ToBeVisibleAsync();

    public static async Task ExpectTextAsync(this PortalPage browser, string text) =>
        await Assertions.Expect(browser.Page.Locator("main").GetByText(text).First).ToBeVisibleAsync();

    public static async Task<decimal> BalanceAsync(this PortalFixture portal, Guid tenantId, Unit unit = Unit.Credits) =>
        (await portal.Service<BalanceReader>().ReadAsync(tenantId, unit)).Posted.ToDecimal();
}
