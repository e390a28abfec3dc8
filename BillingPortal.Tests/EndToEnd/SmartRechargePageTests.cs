using BillingPortal.AutoRecharge;
using BillingPortal.Kernel;
using BillingPortal.Tests.Support;
using Microsoft.Playwright;

namespace BillingPortal.Tests.EndToEnd;

/// <summary>Smart mode on the page: the proposal with its reason, what automatic shows, the notice ahead.</summary>
public sealed class SmartRechargePageTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    private static readonly (string Name, Look Look)[] Looks =
    [
        ("1440-light", new Look()),
        ("1440-dark", new Look(IsDark: true)),
        ("390-dark", Look.Phone with { IsDark = true }),
        ("390-light", Look.Phone),
    ];

    // Ten days of 320 credits.
    [Fact]
    public async Task A_proposal_says_why_and_is_taken_into_the_form()
    {
        await using var scene = await UsedAsync(days: 10);
        await scene.Browser.OpenAsync("/auto-recharge");
        var smart = scene.Page.GetByTestId("smart");

        await smart.GetByRole(AriaRole.Button, new() { Name = "Proposed" }).ClickAsync();
        await Expect(smart).ToContainTextAsync("Below 320 credits, buy 2,300 credits.");
        await Expect(smart).ToContainTextAsync("Your median day with use took 320 credits (10 of the last 10 days had use).");
        await LooksAsync(scene.Browser, "auto-recharge-proposal");
        await smart.GetByRole(AriaRole.Button, new() { Name = "Use these values" }).ClickAsync();
        await Expect(scene.Page.GetByLabel("When less than this is left")).ToHaveValueAsync("320");
        await Expect(scene.Page.GetByLabel("Amount to buy")).ToHaveValueAsync("2300");
        await SaveAsync(scene);

        await Expect(scene.Status).ToContainTextAsync("when less than 320 credits are left");
        var rule = (await scene.ViewAsync()).Rule!;
        Assert.Equal((SmartMode.Propose, Amount.Credits(320)), (rule.Smart, rule.Threshold));
    }

    [Fact]
    public async Task Automatic_hides_what_it_sets_and_shows_what_it_changed()
    {
        await using var scene = await UsedAsync(days: 10);
        await scene.Browser.OpenAsync("/auto-recharge");

        await scene.Page.GetByTestId("smart").GetByRole(AriaRole.Button, new() { Name = "Automatic" }).ClickAsync();
        await Expect(scene.Page.GetByLabel("When less than this is left")).ToHaveCountAsync(0);
        await scene.Page.GetByLabel("Tell us before a recharge").FillAsync("24");
        await scene.Page.GetByLabel("Grace days for phone numbers").FillAsync("7");
        await SaveAsync(scene);

        await Expect(scene.Status).ToContainTextAsync("when less than 320 credits are left");
        await Expect(scene.Page.GetByTestId("smart")).ToContainTextAsync("Set: below 320 credits, buy 2,300 credits.");
        await Expect(scene.Page.GetByTestId("adjustments")).ToContainTextAsync("Recharges below 320 credits (before: 100 credits)");
        var rule = (await scene.ViewAsync()).Rule!;
        Assert.Equal((SmartMode.Automatic, 24, 7), (rule.Smart, rule.NoticeHours, rule.GraceDays));
        await LooksAsync(scene.Browser, "auto-recharge-automatic");
    }

    // 800 credits over the threshold of 320 at 320 a day are more than two days; 600 fewer are less than one.
    [Fact]
    public async Task A_recharge_that_comes_near_is_told_by_mail_with_the_way_to_stop_it()
    {
        await using var scene = await UsedAsync(days: 10);
        await scene.SaveAsync(new RechargeChange { NoticeHours = 24 });
        await portal.Service<RechargeNotices>().SweepAsync(1000);
        await scene.UseAsync(800);

        await portal.Service<RechargeNotices>().SweepAsync(1000);

        var mail = await scene.MailAsync("Auto-recharge will charge $6.50 around");
        Assert.Contains("Visa ••4242", mail.Text, StringComparison.Ordinal);
        Assert.Contains("switch auto-recharge off", mail.Text, StringComparison.Ordinal);
        await scene.Browser.OpenAsync("/auto-recharge");
        await scene.Browser.ExpectTextAsync("told, for");
    }

    [Fact]
    public async Task With_too_little_use_it_says_what_is_missing()
    {
        await using var scene = await UsedAsync(days: 3);
        await scene.Browser.OpenAsync("/auto-recharge");

        await scene.Page.GetByTestId("smart").GetByRole(AriaRole.Button, new() { Name = "Automatic" }).ClickAsync();

        await Expect(scene.Page.GetByTestId("smart")).ToContainTextAsync("at least 7 days with use of the last 14; there are 3 so far");
        await Expect(scene.Page.GetByLabel("When less than this is left")).ToBeVisibleAsync();
    }

    // 1,000 credits are left.
    private async Task<RecoveryScene> UsedAsync(int days)
    {
        var scene = await RecoveryScene.StartAsync(portal, 1000 + (days * 320), ["pm_card_visa"]);
        var now = portal.Service<TimeProvider>().GetUtcNow();
        for (var day = 1; day <= days; day++)
        {
            await scene.UseAsync(320, now.AddDays(-day));
        }

        return scene;
    }

    private static Task SaveAsync(RecoveryScene scene) =>
        scene.Page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();

    private static async Task LooksAsync(PortalPage browser, string name)
    {
        foreach (var (suffix, look) in Looks)
        {
            await browser.LookAsync(look);
            await browser.ShootAsync($"{name}-{suffix}");
            await browser.AssertFitsAsync();
            await browser.AssertAccessibleAsync();
        }

        await browser.LookAsync(new Look());
    }

    private static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);
}
