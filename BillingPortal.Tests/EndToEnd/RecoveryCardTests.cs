using BillingPortal.AutoRecharge;
using BillingPortal.Tests.Support;
using Microsoft.Playwright;

namespace BillingPortal.Tests.EndToEnd;

/// <summary>Declined cards, as people live through them: the next card, the wait, the pause, and the three ways out.</summary>
[Collection(ClockedPortal.Collection)]
public sealed class RecoveryCardTests(ClockedPortal portal)
{
    private const string Refusing = "pm_card_chargeCustomerFail";

    [Fact]
    public async Task A_declined_card_is_followed_by_the_backup_card_which_pays()
    {
        await using var scene = await RecoveryScene.StartAsync(portal, 150, [Refusing, "pm_card_mastercard"]);
        await scene.Browser.OpenAsync("/auto-recharge");

        await scene.UseAsync(60);

        var row = scene.Page.Locator("[data-state=succeeded]");
        await Expect(row).ToContainTextAsync("270 credits added.");
        await Expect(row).ToContainTextAsync("Visa ••0341 was declined; the next card paid.");
        await Expect(row).ToContainTextAsync("Mastercard ••4444");
        await Expect(scene.Status).ToContainTextAsync("Auto-recharge is on");
        Assert.Equal((1, 360m), ((await scene.PaymentsAsync()).Count, await scene.BalanceAsync()));
    }

    // The bank says that the first card is lost: it is left out from now on, and both pages say so.
    [Fact]
    public async Task A_card_that_can_never_work_again_is_marked_and_left_out()
    {
        await using var scene = await RecoveryScene.StartAsync(portal, 150, ["pm_card_visa", "pm_card_mastercard"]);
        await portal.Sandbox.DeclineCardAsync((await scene.CardAsync()).PaymentMethodId, "lost_card");
        await scene.Browser.OpenAsync("/auto-recharge");
        await Expect(scene.Page.GetByTestId("card-order")).ToContainTextAsync("Visa ••4242, then Mastercard ••4444");

        await scene.UseAsync(60);

        await Expect(scene.Page.Locator("[data-state=succeeded]")).ToContainTextAsync("Visa ••4242 was declined");
        await Expect(scene.Page.GetByTestId("card-left-out")).ToContainTextAsync("Visa ••4242 is left out");
        await Expect(scene.Page.GetByTestId("card-order")).ToHaveTextAsync("At present: Mastercard ••4444.");
        await scene.Browser.OpenAsync("/cards");
        await Expect(scene.Page.Locator(".card-row").Filter(new() { HasText = "4242" })).ToContainTextAsync("Refused");
    }

    // Refused at once, after an hour, after six: paused with mail and banner. A new card, and the next check charges it.
    [Fact]
    public async Task Three_failures_pause_with_mail_and_banner_and_a_new_card_resumes_and_pays()
    {
        await using var scene = await RecoveryScene.StartAsync(portal, 150, [Refusing]);
        await scene.Browser.OpenAsync("/auto-recharge");
        await scene.UseAsync(60);
        await Expect(scene.Status).ToContainTextAsync("after the last refusal it tries again at");
        await Expect(scene.Status).ToContainTextAsync("Your bank declined the card.");
        await scene.MailAsync("Auto-recharge failed: your card was declined");
        await Expect(scene.Banner("Auto-recharge failed: your card was declined")).ToBeVisibleAsync();

        await scene.LaterAsync(TimeSpan.FromMinutes(61));
        await scene.AttemptAsync(AttemptState.Declined, attempts: 2);
        await Expect(scene.Status).ToContainTextAsync("after the last refusal it tries again at");
        await scene.LaterAsync(TimeSpan.FromMinutes(361));

        await Expect(scene.Status).ToContainTextAsync("paused: 3 attempts in a row have failed");
        await Expect(scene.Banner("Auto-recharge is paused")).ToBeVisibleAsync();
        await Expect(scene.Banner("Auto-recharge failed")).ToHaveCountAsync(0);
        await scene.MailAsync("Auto-recharge is paused");
        Assert.Equal(1, await scene.MailsAsync("Auto-recharge failed"));

        await scene.Status.GetByRole(AriaRole.Link, new() { Name = "Add a card" }).ClickAsync();
        await scene.Browser.AddCardAsync("5555555555554444");
        await scene.Browser.OpenAsync("/auto-recharge");
        await Expect(scene.Status).Not.ToContainTextAsync("paused");
        await Expect(scene.Banner("Auto-recharge is paused")).ToHaveCountAsync(0);
        await scene.LaterAsync(TimeSpan.FromMinutes(61));

        await Expect(scene.Page.Locator("[data-state=succeeded]")).ToContainTextAsync("the next card paid");
        await Expect(scene.Status).ToContainTextAsync("Auto-recharge is on");
        Assert.Equal(360, await scene.BalanceAsync());
    }

    [Fact]
    public async Task A_purchase_that_is_paid_ends_the_pause()
    {
        await using var scene = await RecoveryScene.StartAsync(portal, 90, [Refusing]);
        await scene.AttemptAsync(AttemptState.Declined);
        await scene.LaterAsync(TimeSpan.FromMinutes(61));
        await scene.AttemptAsync(AttemptState.Declined, attempts: 2);
        await scene.LaterAsync(TimeSpan.FromMinutes(361));
        await scene.AttemptAsync(AttemptState.Declined, attempts: 3);
        await scene.Browser.OpenAsync("/auto-recharge");
        await Expect(scene.Status).ToContainTextAsync("paused");

        await scene.Browser.OpenAsync("/buy");
        await scene.Browser.ChoosePackageAsync(250);
        await scene.Page.GetByLabel("Another card or way to pay").CheckAsync();
        await scene.Browser.TypeCardAsync(Paying.Visa);
        await scene.Browser.PayAsync();
        await scene.Browser.ExpectPaidAsync();

        await scene.Browser.OpenAsync("/auto-recharge");
        await Expect(scene.Status).ToContainTextAsync("Auto-recharge is on");
        await Expect(scene.Banner("Auto-recharge is paused")).ToHaveCountAsync(0);
    }

    // A saved card that the rule left out so far: ticking it is as good as a new one.
    [Fact]
    public async Task Another_saved_card_in_the_rule_ends_the_pause()
    {
        await using var scene = await RecoveryScene.StartAsync(portal, 150, [Refusing, "pm_card_mastercard"]);
        await scene.SaveAsync(new RechargeChange { PaymentMethodIds = [(await scene.CardAsync()).PaymentMethodId] });
        await portal.Sandbox.DeclineCardAsync((await scene.CardAsync()).PaymentMethodId, "lost_card");
        await scene.UseAsync(60);
        await scene.AttemptAsync(AttemptState.Declined);
        await scene.Browser.OpenAsync("/auto-recharge");
        await Expect(scene.Status).ToContainTextAsync("your card can no longer be charged");

        await scene.Page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "4444" }).GetByRole(AriaRole.Checkbox).CheckAsync();
        await scene.Page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Expect(scene.Status).Not.ToContainTextAsync("paused");
        await scene.LaterAsync(TimeSpan.FromMinutes(61));

        await Expect(scene.Page.Locator("[data-state=succeeded]")).ToContainTextAsync("Mastercard ••4444");
    }

    private static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);
}
