using System.Security.Cryptography;
using System.Text;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BillingPortal.Tests.EndToEnd;

/// <summary>An owner adds an endpoint, buys credits, sees what was delivered and has it sent again.</summary>
public sealed class TenantWebhookTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task A_purchase_is_delivered_to_an_endpoint_and_sent_again()
    {
        await using var receiver = (await ScriptedServer.StartAsync()).Then(200, "thank you");
        await using var browser = await portal.SignedInAsync(MemberRole.Owner);
        var page = browser.Page;
        await browser.OpenAsync("/webhooks");
        await Expect(page.GetByText("No endpoint yet")).ToBeVisibleAsync();
        await browser.ExamineAsync("webhooks-empty");

        await Button(browser, "New endpoint").ClickAsync();
        await page.GetByLabel("Address").FillAsync("http://10.0.0.1/hooks");
        await page.GetByLabel("Only these").CheckAsync();
        await Button(browser, "Add the endpoint").ClickAsync();
        await Expect(page.GetByText("on a private or reserved network")).ToBeVisibleAsync();
        await browser.ExamineAsync("webhooks-form");
        await page.GetByLabel("Address").FillAsync(new Uri(receiver.Address, "/hooks?key=mine").ToString());
        await page.GetByLabel("Description").FillAsync("Bookkeeping");
        await page.GetByLabel("purchase.settled").CheckAsync();
        await Button(browser, "Add the endpoint").ClickAsync();
        await Expect(page.GetByText("It is shown this once")).ToBeVisibleAsync();
        var secret = (await page.GetByTestId("hook-secret").TextContentAsync())!;
        await browser.ExamineAsync("webhooks-secret");
        await Button(browser, "I have stored it").ClickAsync();

        await BuyAsync(browser);

        await browser.OpenAsync("/webhooks");
        await page.GetByRole(AriaRole.Link, new() { Name = "/hooks?key=mine" }).ClickAsync();
        await Expect(page.Locator("[data-delivery]")).ToContainTextAsync("Delivered");
        var first = Assert.Single(receiver.Requests);
        Assert.True(Holds(first, secret));
        Assert.Contains("purchase.settled", first.Body, StringComparison.Ordinal);

        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Details of purchase.settled") }).ClickAsync();
        await Expect(page.GetByTestId("hook-body")).ToContainTextAsync("\"price\"");
        await Expect(page.GetByText("thank you")).ToBeVisibleAsync();
        await browser.ExamineAsync("webhook-endpoint");
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Send again: purchase.settled") }).ClickAsync();
        await Expect(page.GetByText("purchase.settled is sent again")).ToBeVisibleAsync();
        await Expect(page.Locator(".hook-try")).ToHaveCountAsync(2);
        Assert.Equal(2, receiver.Requests.Count);
        Assert.Single(receiver.Requests.Select(request => (request.Headers["webhook-id"], request.Body)).Distinct());

        await Button(browser, "Send a test").ClickAsync();
        await Expect(page.Locator("[data-delivery]")).ToHaveCountAsync(2);
        await Button(browser, "Remove").ClickAsync();
        await browser.ShootAsync("webhook-remove-1440-light");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Remove the endpoint" }).ClickAsync();
        await Expect(page.GetByText("No endpoint yet")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_viewer_sees_what_was_delivered_and_no_button_and_no_query()
    {
        await using var receiver = (await ScriptedServer.StartAsync()).Then(410, "go away");
        await using var owner = await portal.SignedInAsync(MemberRole.Owner);
        await owner.OpenAsync("/webhooks");
        await Button(owner, "New endpoint").ClickAsync();
        await owner.Page.GetByLabel("Address").FillAsync(new Uri(receiver.Address, "/hooks?key=mine").ToString());
        await Button(owner, "Add the endpoint").ClickAsync();
        await Button(owner, "I have stored it").ClickAsync();
        await owner.Page.GetByRole(AriaRole.Link, new() { Name = "/hooks?key=mine" }).ClickAsync();
        await Button(owner, "Send a test").ClickAsync();
        await Expect(owner.Page.GetByText("Disabled: answered 410")).ToBeVisibleAsync();
        await owner.ExamineAsync("webhook-endpoint-disabled");
        await using var viewer = await portal.SignedInAsync(owner.Tenant, MemberRole.Viewer);

        await viewer.OpenAsync("/webhooks");
        await viewer.Page.GetByRole(AriaRole.Link, new() { Name = "/hooks?…" }).ClickAsync();

        await Expect(viewer.Page.Locator("[data-delivery]")).ToContainTextAsync("410");
        await Expect(viewer.Page.Locator("main")).Not.ToContainTextAsync("key=mine");
        foreach (var name in new[] { "Enable", "Remove", "New secret", "Change", "Send a test" })
        {
            await Expect(Button(viewer, name)).ToHaveCountAsync(0);
        }
    }

    private static ILocator Button(PortalPage browser, string name) =>
        browser.Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    private static async Task BuyAsync(PortalPage browser)
    {
        await browser.OpenAsync("/buy");
        await browser.TypeCardAsync(Paying.Visa);
        await browser.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Pay ") }).ClickAsync();
        await Expect(browser.Page.GetByRole(AriaRole.Heading, new() { Name = "Payment received" })).ToBeVisibleAsync();
    }

    private static bool Holds(ScriptedRequest request, string secret)
    {
        var key = Convert.FromBase64String(secret["whsec_".Length..]);
        var signed = $"{request.Headers["webhook-id"]}.{request.Headers["webhook-timestamp"]}.{request.Body}";
        return request.Headers["webhook-signature"]
            == "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(signed)));
    }
}
