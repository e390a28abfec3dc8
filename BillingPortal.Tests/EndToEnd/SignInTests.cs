using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using Microsoft.Playwright;

namespace BillingPortal.Tests.EndToEnd;

public sealed class SignInTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task A_person_signs_in_and_lands_on_the_overview()
    {
        var tenant = await portal.Portal.TenantAsync(name: "Acme Voice");
        var email = await portal.Portal.PersonAsync(tenant, MemberRole.BillingAdmin);
        await using var browser = await portal.StrangerAsync();

        await browser.SignInAsync(email);

        await Assertions.Expect(browser.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Overview");
        await Assertions.Expect(browser.Page.GetByText("Acme Voice").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_stranger_is_brought_to_the_page_asked_for_after_signing_in()
    {
        var tenant = await portal.Portal.TenantAsync();
        var email = await portal.Portal.PersonAsync(tenant, MemberRole.Viewer);
        await using var browser = await portal.StrangerAsync();

        await browser.Page.GotoAsync("/transactions?kind=purchase");
        await browser.Page.GetByLabel("Email").FillAsync(email);
        await browser.Page.GetByLabel("Password").FillAsync(PortalHost.Password);
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();

        await browser.AtAsync("/transactions\\?kind=purchase$");
    }

    [Fact]
    public async Task A_wrong_password_is_refused_in_words_that_name_no_account()
    {
        await using var browser = await portal.StrangerAsync();
        await browser.Page.GotoAsync("/sign-in");
        await browser.Page.GetByLabel("Email").FillAsync("nobody@tests.example");
        await browser.Page.GetByLabel("Password").FillAsync("wrong");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();

        await Assertions.Expect(browser.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
    }
}
