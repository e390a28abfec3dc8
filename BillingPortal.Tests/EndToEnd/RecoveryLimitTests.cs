using BillingPortal.AutoRecharge;
using BillingPortal.Cards;
using BillingPortal.Tests.Support;
using Microsoft.Playwright;

namespace BillingPortal.Tests.EndToEnd;

/// <summary>The brakes that people meet: unusual usage, the spending limit, a card that ends.</summary>
[Collection(ClockedPortal.Collection)]
public sealed class RecoveryLimitTests(ClockedPortal portal)
{
    // 30 usual hours of 40 credits, then 98,800 within one: nothing is charged until somebody says that it is meant.
    [Fact]
    public async Task A_spike_brakes_with_mail_and_banner_until_a_person_says_it_is_meant()
    {
        await using var scene = await RecoveryScene.StartAsync(portal, 100_000, ["pm_card_visa"]);
        var now = portal.Service<TimeProvider>().GetUtcNow();
        for (var hour = 30; hour > 1; hour--)
        {
            await scene.UseAsync(40, now.AddHours(-hour));
        }

        await scene.Browser.OpenAsync("/auto-recharge");
        await scene.UseAsync(98_800);

        await Expect(scene.Status).ToContainTextAsync("usage is far above the usual");
        await Expect(scene.Banner("Auto-recharge is paused: unusual usage")).ToBeVisibleAsync();
        Assert.Contains("40 credits", (await scene.MailAsync("unusual usage")).Text, StringComparison.Ordinal);
        Assert.Empty((await scene.ViewAsync()).Attempts);
        await scene.Page.GetByRole(AriaRole.Button, new() { Name = "This usage is meant, go on" }).ClickAsync();

        await Expect(scene.Page.Locator("[data-state=succeeded]")).ToContainTextAsync("270 credits added.");
        await Expect(scene.Banner("unusual usage")).ToHaveCountAsync(0);
    }

    // $6.50 each of $8.10: 80 % after the first; the second does not fit any more and is told as 100 %. A higher limit ends it.
    [Fact]
    public async Task The_limit_is_told_on_the_way_and_when_it_refuses_and_a_higher_one_ends_it()
    {
        await using var scene = await RecoveryScene.StartAsync(
            portal, 150, ["pm_card_visa"], new RechargeChange { MonthlyLimit = 8.1m });
        await scene.Browser.OpenAsync("/auto-recharge");
        await scene.UseAsync(60);
        await scene.AttemptAsync(AttemptState.Succeeded);
        await scene.MailAsync("Auto-recharge: 80% of your monthly limit is used");
        await Expect(scene.Page.GetByRole(AriaRole.Progressbar)).ToHaveAttributeAsync("aria-valuenow", "80");

        await scene.UseAsync(300);
        await scene.LaterAsync(TimeSpan.FromMinutes(61));

        await Expect(scene.Status).ToContainTextAsync("$6.50 would go beyond the limit, of which $1.60 is left");
        await scene.MailAsync("Auto-recharge: 100% of your monthly limit is used");
        await Expect(scene.Banner("100% of your monthly limit")).ToBeVisibleAsync();
        await scene.Page.GetByLabel("Spend at most per month").FillAsync("50");
        await scene.Page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await scene.Page.GetByRole(AriaRole.Dialog)
            .GetByRole(AriaRole.Button, new() { Name = "Save and charge $6.50" }).ClickAsync();

        await Expect(scene.Page.Locator("[data-state=succeeded]")).ToHaveCountAsync(2);
        await Expect(scene.Banner("of your monthly limit")).ToHaveCountAsync(0);
    }

    // $6.50 of $7.20 is 90 %.
    [Fact]
    public async Task Ninety_per_cent_is_told_once_and_not_eighty_as_well()
    {
        await using var scene = await RecoveryScene.StartAsync(
            portal, 90, ["pm_card_visa"], new RechargeChange { MonthlyLimit = 7.2m });

        await scene.MailAsync("Auto-recharge: 90% of your monthly limit is used");

        Assert.Equal(1, await scene.MailsAsync("of your monthly limit is used"));
    }

    // The card's last month ends: announced 30 and 7 days before, with a banner that goes when the card does.
    [Fact]
    public async Task A_card_that_ends_is_announced_twice_and_the_banner_goes_with_it()
    {
        await using var scene = await RecoveryScene.StartAsync(portal, 500, ["pm_card_visa"]);
        var card = await scene.CardAsync();
        var lastDay = CardPolicy.LastDay(card.ExpYear, card.ExpMonth).ToDateTime(new TimeOnly(9, 0), DateTimeKind.Utc);
        var expiry = portal.Service<CardExpiry>();
        await portal.Sandbox.MoveClockToAsync(lastDay.AddDays(-30));
        await expiry.SweepAsync(100);
        await scene.MailAsync("Visa ••4242 expires soon");
        await portal.Sandbox.MoveClockToAsync(lastDay.AddDays(-7));
        await expiry.SweepAsync(100);

        await using var later = await portal.StrangerAsync();
        await later.TakeSessionAsync(scene.Email);
        await later.OpenAsync("/cards");
        var banner = later.Page.Locator(".banner").GetByText("Visa ••4242 expires soon");
        await Expect(banner).ToBeVisibleAsync();
        await Expect(later.Page.Locator(".card-row").First).ToContainTextAsync("Expires soon");
        await later.Page.GetByLabel("Remove Visa ••4242").ClickAsync();
        await later.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();

        await Expect(banner).ToHaveCountAsync(0);
        Assert.Equal(2, await scene.MailsAsync("Visa ••4242 expires soon"));
        await portal.Sandbox.ResetAsync();
    }

    private static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);
}
