using BillingPortal.Tests.Support;
using Microsoft.Playwright;

namespace BillingPortal.Tests.EndToEnd;

/// <summary>The reference page as a programmer uses it: large and small, light and dark, by keyboard alone.</summary>
public sealed class ApiReferenceTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task The_reference_is_accessible_and_fits_closed_and_open()
    {
        await using var browser = await portal.StrangerAsync();
        await browser.OpenAsync("/docs/api");
        await browser.ExamineAsync("api-reference");

        // The first calls of three groups: a list, a body, a deletion.
        foreach (var id in new[] { "getCreditsTransactions", "postUsage", "deleteStripePaymentMethods" })
        {
            await browser.Page.EvaluateAsync($"() => document.getElementById('{id}').closest('details').open = true");
        }

        await browser.ExamineAsync("api-reference-open");
    }

    [Fact]
    public async Task A_call_is_opened_read_and_copied_by_keyboard()
    {
        await using var browser = await portal.StrangerAsync(Look.Phone);
        await browser.OpenAsync("/docs/api");
        var page = browser.Page;
        var call = page.Locator("details", new() { Has = page.Locator("#postUsageHolds") }).First;
        await Assertions.Expect(page.Locator("#postUsageHolds")).ToBeHiddenAsync();

        await call.Locator("> summary").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#postUsageHolds")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#postUsageHolds-1")).ToContainTextAsync("curl -X POST \"$PORTAL/api/usage/holds\"");
        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(call.GetByRole(AriaRole.Button, new() { Name = "Copy: A call" })).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(call.GetByRole(AriaRole.Region, new() { Name = "A call" })).ToBeFocusedAsync();
        await browser.AssertFitsAsync();
    }

    [Fact]
    public async Task The_contents_lead_to_their_group()
    {
        await using var browser = await portal.StrangerAsync();
        await browser.OpenAsync("/docs/api");

        await browser.Page.GetByRole(AriaRole.Navigation, new() { Name = "Contents" })
            .GetByRole(AriaRole.Link, new() { Name = "Usage", Exact = true }).ClickAsync();

        await browser.AtAsync("/docs/api#tag-usage$");
        await Assertions.Expect(browser.Page.Locator("#tag-usage")).ToBeInViewportAsync();
    }
}
