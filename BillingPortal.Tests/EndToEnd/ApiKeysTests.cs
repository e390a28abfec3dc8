using System.Net;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using Microsoft.Playwright;

namespace BillingPortal.Tests.EndToEnd;

/// <summary>An owner makes a key in a browser, a program uses it over HTTP, the owner replaces and ends it.</summary>
public sealed class ApiKeysTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task A_key_is_made_used_rotated_and_revoked()
    {
        await using var browser = await portal.SignedInAsync(MemberRole.Owner);
        await browser.OpenAsync("/api-keys");
        var page = browser.Page;
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Read the API reference" })).ToBeVisibleAsync();

        await Button(browser, "New key").ClickAsync();
        await Button(browser, "Make the key").ClickAsync();
        await Assertions.Expect(page.GetByText("Give the key a name")).ToBeVisibleAsync();
        await ExamineAsync(browser, "api-keys-form");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Billing robot");
        await Button(browser, "Make the key").ClickAsync();
        var first = await KeyAsync(browser);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Forbidden), (await CreditsAsync(first), await UsageAsync(first)));
        await ExamineAsync(browser, "api-keys-made");

        await Button(browser, "Rotate Billing robot").ClickAsync();
        await page.GetByLabel("1 hour").CheckAsync();
        await ExamineAsync(browser, "api-keys-rotate");
        await Button(browser, "Rotate the key").ClickAsync();
        await Assertions.Expect(page.GetByText("the old key works on for 1 hour")).ToBeVisibleAsync();
        var second = await KeyAsync(browser);
        Assert.NotEqual(first, second);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (await CreditsAsync(first), await CreditsAsync(second)));

        await Button(browser, "I have stored it").ClickAsync();
        await Assertions.Expect(page.GetByTestId("key-text")).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator("main")).Not.ToContainTextAsync(second);
        await Assertions.Expect(page.Locator($"[data-key={first[..11]}]")).ToContainTextAsync("Runs out");
        await ExamineAsync(browser, "api-keys-two");

        await RevokeAsync(browser, first);
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (await CreditsAsync(first), await CreditsAsync(second)));
        await RevokeAsync(browser, second);
        Assert.Equal(HttpStatusCode.Unauthorized, await CreditsAsync(second));
        await page.GetByText("Keys that ended (2)").ClickAsync();
        await ExamineAsync(browser, "api-keys-ended");
    }

    [Fact]
    public async Task Who_is_no_owner_is_told_so_and_has_no_entry_in_the_navigation()
    {
        await using var browser = await portal.SignedInAsync(MemberRole.BillingAdmin);
        await browser.OpenAsync("/");
        await Assertions.Expect(browser.Page.Locator(".navigation a[href='/api-keys']")).ToHaveCountAsync(0);

        await browser.Page.GotoAsync("/api-keys");

        await Assertions.Expect(browser.Page.GetByText("Not for your role")).ToBeVisibleAsync();
        await browser.ShootAsync("api-keys-denied-1440-light");
    }

    private static async Task RevokeAsync(PortalPage browser, string key)
    {
        await Button(browser, $"Revoke Billing robot, {key[..11]}").ClickAsync();
        var question = browser.Page.GetByRole(AriaRole.Dialog);
        await Assertions.Expect(question).ToContainTextAsync("can no longer read balances and transactions");
        await browser.ShootAsync("api-keys-question-1440-light");
        await question.GetByRole(AriaRole.Button, new() { Name = "Revoke the key" }).ClickAsync();
        await Assertions.Expect(Button(browser, $"Revoke Billing robot, {key[..11]}")).ToHaveCountAsync(0);
    }

    private static async Task<string> KeyAsync(PortalPage browser)
    {
        await Assertions.Expect(browser.Page.GetByText("It is shown this once")).ToBeVisibleAsync();
        return (await browser.Page.GetByTestId("key-text").TextContentAsync())!;
    }

    private async Task<HttpStatusCode> CreditsAsync(string key)
    {
        using var program = portal.Portal.Bearer(key);
        return (await program.GetAsync("/api/credits")).StatusCode;
    }

    private async Task<HttpStatusCode> UsageAsync(string key)
    {
        using var program = portal.Portal.Bearer(key);
        return (await program.PostAsync("/api/usage", new StringContent("{}", null, "application/json"))).StatusCode;
    }

    private static ILocator Button(PortalPage browser, string name) =>
        browser.Page.GetByRole(AriaRole.Button, new() { Name = name });

    private static async Task ExamineAsync(PortalPage browser, string name)
    {
        foreach (var (lookName, look) in new[]
        {
            ("1440-light", new Look()), ("1440-dark", new Look(IsDark: true)), ("390-light", Look.Phone),
            ("390-dark", Look.Phone with { IsDark = true }),
        })
        {
            await browser.LookAsync(look);
            await browser.ShootAsync($"{name}-{lookName}");
            await browser.AssertFitsAsync();
            await browser.AssertAccessibleAsync();
        }

        await browser.LookAsync(new Look());
    }
}
