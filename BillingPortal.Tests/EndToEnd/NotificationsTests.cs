using BillingPortal.Alerts;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Notifications;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using BillingPortal.Tests.Wallet;
using Microsoft.Playwright;

namespace BillingPortal.Tests.EndToEnd;

/// <summary>The page Notifications and the banners above every page, as people use them.</summary>
public sealed class NotificationsTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    // 240 credits: good at the threshold of 100, warning at 250; the mail of that reaches the owner and is news on the bell.
    [Fact]
    public async Task A_threshold_is_changed_and_the_level_follows_in_figures_mail_and_banner()
    {
        await using var browser = await portal.SignedInAsync(MemberRole.Owner);
        await FillAsync(browser.Tenant, 300, 60);
        await browser.OpenAsync("/notifications");
        await Expect(Levels(browser)).ToContainTextAsync("200 credits or less");
        await Expect(Levels(browser).Locator("[aria-current]")).ToContainTextAsync("(now)");

        await browser.Page.GetByLabel("Threshold").FillAsync("250");
        await Expect(Levels(browser)).ToContainTextAsync("500 credits or less");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();

        var banner = browser.Page.GetByLabel("Pressing notifications");
        await Expect(banner).ToContainTextAsync("Your balance is low: 240 credits left");
        await Expect(browser.Page.GetByTestId("mails")).ToContainTextAsync("Delivered");
        await Expect(browser.Page.GetByTestId("unread")).ToHaveTextAsync("1");
        await Expect(Levels(browser).Locator("[aria-current]")).ToContainTextAsync("Warning");

        await browser.OpenAsync("/");
        await Expect(banner.GetByRole(AriaRole.Link, new() { Name = "Add to the balance" })).ToBeVisibleAsync();
        await banner.GetByRole(AriaRole.Button, new() { NameRegex = new("^Dismiss") }).ClickAsync();
        await Expect(banner).ToHaveCountAsync(0);
        await Expect(browser.Page.GetByTestId("unread")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_test_mail_arrives_and_a_dead_address_is_said_until_a_person_mends_it()
    {
        await using var browser = await portal.SignedInAsync(MemberRole.Owner);
        var dead = $"bounced+{browser.Tenant.Id:N}@acme.example";
        await browser.OpenAsync("/notifications");
        await browser.Page.GetByLabel("One address instead").CheckAsync();
        await browser.Page.GetByLabel("Email address").FillAsync("nobody");
        await Expect(browser.Page.GetByText("Write one email address")).ToBeVisibleAsync();
        await Expect(Save(browser)).ToBeDisabledAsync();
        await browser.Page.GetByLabel("Email address").FillAsync(dead);
        await Save(browser).ClickAsync();
        await Expect(Save(browser)).ToBeDisabledAsync();

        await TestMail(browser).ClickAsync();
        await Expect(Message(browser)).ToContainTextAsync($"{dead}: bounced.");
        var mail = Assert.Single(await portal.Sandbox.MailboxAsync(dead));
        Assert.Equal("Test of your notifications", mail.Subject);
        await Expect(browser.Page.GetByText($"Mail does not reach {dead}.")).ToBeVisibleAsync();
        await browser.OpenAsync("/");
        await Expect(browser.Page.GetByLabel("Pressing notifications")).ToContainTextAsync("Mail does not reach");

        await browser.OpenAsync("/notifications");
        await TestMail(browser).ClickAsync();
        await Expect(Message(browser)).ToContainTextAsync("There is no address that mail reaches.");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Use another address" }).ClickAsync();
        await Expect(browser.Page.GetByLabel("Email address")).ToBeFocusedAsync();
        var good = $"bills-{browser.Tenant.Id:N}@acme.example";
        await browser.Page.GetByLabel("Email address").FillAsync(good);
        await Save(browser).ClickAsync();
        await Expect(browser.Page.GetByText("Mail does not reach")).ToHaveCountAsync(0);
        await TestMail(browser).ClickAsync();
        await Expect(Message(browser)).ToContainTextAsync($"{good}: delivered.");
        Assert.Single(await portal.Sandbox.MailboxAsync(good));
    }

    [Fact]
    public async Task It_works_again_says_the_person_and_the_address_is_written_to_again()
    {
        await using var browser = await portal.SignedInAsync(MemberRole.BillingAdmin);
        await portal.Service<MailSettings>().SaveAsync(
            browser.Tenant.Id, new MailChange { OverrideAddress = $"complained+{browser.Tenant.Id:N}@acme.example" }, null);
        await browser.OpenAsync("/notifications");
        await TestMail(browser).ClickAsync();
        await Expect(Message(browser)).ToContainTextAsync("marked as spam");

        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "It works again" }).ClickAsync();

        await Expect(Message(browser)).ToContainTextAsync("is written to again.");
        await Expect(browser.Page.GetByText("Mail does not reach")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_viewer_sees_everything_and_changes_nothing()
    {
        await using var browser = await portal.SignedInAsync(MemberRole.Viewer);
        await browser.OpenAsync("/notifications");

        await Expect(browser.Page.GetByText("Owners and billing admins can change it.")).ToBeVisibleAsync();
        await Expect(browser.Page.GetByLabel("Threshold")).ToBeDisabledAsync();
        await Expect(Save(browser)).ToHaveCountAsync(0);
        await Expect(TestMail(browser)).ToHaveCountAsync(0);

        // Nor by enabling the fields in the browser and sending the form by hand.
        await browser.Page.EvaluateAsync(
            "() => document.querySelectorAll('main fieldset, main input').forEach(one => one.disabled = false)");
        await browser.Page.GetByLabel("Threshold").FillAsync("250");
        await Expect(Levels(browser)).ToContainTextAsync("500 credits or less");
        await browser.Page.EvaluateAsync(
            "() => document.querySelector('form[aria-label=\"Notification settings\"]').requestSubmit()");
        await browser.OpenAsync("/cards");
        await browser.OpenAsync("/notifications");
        await Expect(browser.Page.GetByLabel("Threshold")).ToHaveValueAsync("100");
    }

    // A tenant that has lived: a warning, a dead address, mails of every outcome.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task With_trouble_on_it_the_page_is_accessible_and_fits(bool isPhone)
    {
        await using var browser = await portal.SignedInAsync(MemberRole.Owner, look: isPhone ? Look.Phone : new Look());
        await FillAsync(browser.Tenant, 300, 290);
        await portal.Service<MailSettings>().SaveAsync(
            browser.Tenant.Id, new MailChange { OverrideAddress = $"bounced+{browser.Tenant.Id:N}@acme.example" }, null);
        await portal.Service<AlertWatch>().LookAsync(browser.Tenant.Id);
        await browser.OpenAsync("/notifications");
        await Expect(browser.Page.GetByText("Mail does not reach").First).ToBeVisibleAsync();

        foreach (var isDark in new[] { false, true })
        {
            var look = (isPhone ? Look.Phone : new Look()) with { IsDark = isDark };
            await browser.LookAsync(look);
            await browser.ShootAsync($"notifications-trouble-{look.Width}-{(isDark ? "dark" : "light")}");
            await browser.AssertFitsAsync();
            await browser.AssertAccessibleAsync();
        }

        await browser.OpenAsync("/");
        await browser.ShootAsync($"overview-banners-{(isPhone ? 390 : 1440)}");
        await browser.AssertFitsAsync();
        await browser.AssertAccessibleAsync();
    }

    private async Task FillAsync(Tenant tenant, decimal bought, decimal used)
    {
        var now = TimeProvider.System.GetUtcNow();
        await TestBooks.WriteAsync(
            portal.Portal.Connections, tenant.Id, Unit.Credits,
            [new Line(now, Amount.Credits(bought), EntryKind.Purchase, Service: null), new Line(now, Amount.Credits(-used))]);
    }

    private static ILocator Levels(PortalPage browser) => browser.Page.Locator("dl.levels");

    private static ILocator Message(PortalPage browser) => browser.Page.GetByTestId("message");

    private static ILocator Save(PortalPage browser) =>
        browser.Page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true });

    private static ILocator TestMail(PortalPage browser) =>
        browser.Page.GetByRole(AriaRole.Button, new() { Name = "Send a test mail" });

    private static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);
}
