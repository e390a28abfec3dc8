using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using Microsoft.Playwright;

namespace BillingPortal.Tests.EndToEnd;

/// <summary>On a phone the bar holds what people came for, and "More" everything else.</summary>
public sealed class NavigationTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task On_a_phone_every_page_is_two_touches_away()
    {
        await using var browser = await portal.SignedInAsync(MemberRole.Owner, look: Look.Phone);
        await browser.OpenAsync("/");
        var numbers = browser.Page.Locator(".navigation a[href='/numbers']");
        await Assertions.Expect(numbers).ToBeHiddenAsync();

        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "More", Exact = true }).ClickAsync();
        await Assertions.Expect(numbers).ToBeVisibleAsync();
        await browser.AssertFitsAsync();
        await browser.AssertAccessibleAsync();
        await browser.ShootAsync("navigation-open-390-light");
        await numbers.ClickAsync();

        await browser.AtAsync("/numbers$");
        await Assertions.Expect(numbers).ToBeHiddenAsync();
    }
}
