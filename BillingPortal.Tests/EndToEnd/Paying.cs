using System.Net.Http.Json;
using System.Text.Json.Nodes;
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

    /// <summary>Buys 250 credits.</summary>
    public static async Task BuyAsync(this PortalPage browser, string number, bool save = true)
    {
        await browser.OpenAsync("/buy");
        await browser.ChoosePackageAsync(250);
        await browser.TypeCardAsync(number);
        await browser.Page.GetByLabel("Save this card for next time").SetCheckedAsync(save);
        await browser.PayAsync();
        await browser.ExpectPaidAsync();
    }

    /// <param name="asks">The bank asks when the card is saved, and is answered.</param>
    public static async Task AddCardAsync(this PortalPage browser, string number, bool asks = false)
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

    /// <summary>Auto-recharge on: below 100, the package of 250.</summary>
    public static async Task SwitchOnAsync(this PortalPage browser)
    {
        await browser.OpenAsync("/auto-recharge");
        await browser.Page.GetByRole(AriaRole.Switch).CheckAsync();
        await browser.Page.GetByLabel("When less than this is left").FillAsync("100");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Package" }).ClickAsync();
        await browser.Page.GetByLabel("Package").SelectOptionAsync("credits-250");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await browser.ExpectTextAsync("Auto-recharge is on");
    }

    /// <summary>Reports calls of one minute, 25 credits each, as the product does.</summary>
    public static async Task CallAsync(this HttpClient program, int calls)
    {
        for (var call = 0; call < calls; call++)
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
}
