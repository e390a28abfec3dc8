using System.Text.RegularExpressions;
using BillingPortal.AutoRecharge;
using BillingPortal.Providers.Sandbox;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using Microsoft.Playwright;

namespace BillingPortal.Tests.EndToEnd;

/// <summary>The bank wants its customer: the mail's link, from the mailbox to the paid credits, and everything it refuses.</summary>
[Collection(ClockedPortal.Collection)]
public sealed partial class RecoveryBankTests(ClockedPortal portal)
{
    private const string Subject = "confirm the payment with your bank";

    // Mail, link, sign-in, the bank's dialog: the one payment that was begun is the one that is paid.
    [Fact]
    public async Task The_mails_link_leads_through_sign_in_to_the_bank_and_pays_the_same_payment()
    {
        await using var scene = await AskedAsync();
        var begun = await scene.PaymentsAsync();
        await using var visitor = await portal.StrangerAsync();

        await visitor.Page.GotoAsync(await LinkAsync(scene));
        await SignInAsync(visitor, scene.Email);
        await visitor.AtAsync("/auto-recharge/confirm/");
        await visitor.WaitForReadyAsync();
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Confirm $6.50 for Acme Voice" }).ClickAsync();
        await visitor.AnswerBankAsync("Complete");

        await Assertions.Expect(visitor.Page.Locator("[data-state=succeeded]")).ToContainTextAsync("270 credits added.");
        Assert.Equal((1, begun.Id), await scene.PaymentsAsync());
        Assert.Equal(360, await scene.BalanceAsync());
        await scene.MailAsync("Auto-recharge: 250 credits for $6.50");
        await scene.Browser.OpenAsync("/auto-recharge");
        await Assertions.Expect(scene.Banner("confirm the payment")).ToHaveCountAsync(0);
        await Assertions.Expect(scene.Status).ToContainTextAsync("Auto-recharge is on");
    }

    [Fact]
    public async Task The_link_used_twice_says_that_it_is_paid_and_charges_nothing()
    {
        await using var scene = await AskedAsync();
        var link = await LinkAsync(scene);
        await scene.Browser.OpenAsync(link);
        await ConfirmAsync(scene.Browser);
        await scene.Browser.AnswerBankAsync("Complete");
        await Assertions.Expect(scene.Page.Locator("[data-state=succeeded]")).ToBeVisibleAsync();

        await scene.Browser.OpenAsync(link);

        await Assertions.Expect(scene.Page.Locator("[data-state=succeeded]")).ToContainTextAsync("Paid");
        await Assertions.Expect(ConfirmButton(scene.Browser)).ToHaveCountAsync(0);
        Assert.Equal((1, 360m), ((await scene.PaymentsAsync()).Count, await scene.BalanceAsync()));
    }

    // A failed challenge leaves the link as it is; a day later it is over, its payment cancelled, one failure counted.
    [Fact]
    public async Task The_link_of_yesterday_says_so_and_the_recharge_tries_again_later()
    {
        await using var scene = await AskedAsync();
        var link = await LinkAsync(scene);
        await scene.Browser.OpenAsync(link);
        await ConfirmAsync(scene.Browser);
        await scene.Browser.AnswerBankAsync("Fail");
        await scene.Browser.ExpectTextAsync("The confirmation with your bank did not succeed.");
        await Assertions.Expect(ConfirmButton(scene.Browser)).ToBeVisibleAsync();

        await portal.Sandbox.AdvanceClockAsync(TimeSpan.FromHours(25));
        await using var later = await AgainAsync(scene);
        await later.OpenAsync(link);

        await Assertions.Expect(ConfirmButton(later)).ToHaveCountAsync(0);
        await Assertions.Expect(later.Page.Locator(".confirm-recharge")).ToContainTextAsync(ItIsOver());
        await portal.Service<RechargeResumer>().ResumeAsync();
        await scene.AttemptAsync(AttemptState.Declined);
        await later.OpenAsync("/auto-recharge");
        await Assertions.Expect(later.Page.Locator("[data-state=declined]")).ToContainTextAsync("not confirmed with the bank in time");
        Assert.Equal(1, (await scene.ViewAsync()).Rule!.ConsecutiveFailures);
        Assert.Equal((1, 90m), ((await scene.PaymentsAsync()).Count, await scene.BalanceAsync()));
    }

    [Fact]
    public async Task Another_tenants_person_signs_in_by_the_link_and_sees_nothing()
    {
        await using var scene = await AskedAsync();
        var other = await portal.Portal.TenantAsync(name: "Bolt Logistics");
        var stranger = await portal.Portal.PersonAsync(other, MemberRole.Owner);
        await using var visitor = await portal.StrangerAsync();

        await visitor.Page.GotoAsync(await LinkAsync(scene));
        await SignInAsync(visitor, stranger);
        await visitor.AtAsync("/auto-recharge/confirm/");

        await visitor.ExpectTextAsync("There is no such payment");
        Assert.DoesNotContain("6.50", await visitor.Page.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal(AttemptState.RequiresAction, (await scene.ViewAsync()).Attempts[0].State);
    }

    [Fact]
    public async Task A_viewer_of_the_same_tenant_may_not_confirm()
    {
        await using var scene = await AskedAsync();
        await using var viewer = await portal.SignedInAsync(scene.Tenant, MemberRole.Viewer);

        await viewer.OpenAsync(await LinkAsync(scene));

        await Assertions.Expect(ConfirmButton(viewer)).ToHaveCountAsync(0);
        Assert.Equal(90, await scene.BalanceAsync());
    }

    private async Task<RecoveryScene> AskedAsync()
    {
        var scene = await RecoveryScene.StartAsync(portal, 150, ["pm_card_authenticationRequired"]);
        await scene.UseAsync(60);
        await scene.AttemptAsync(AttemptState.RequiresAction);
        return scene;
    }

    // The session may have ended with the day.
    private async Task<PortalPage> AgainAsync(RecoveryScene scene)
    {
        var page = await portal.StrangerAsync();
        await page.TakeSessionAsync(scene.Email);
        return page;
    }

    private static async Task<string> LinkAsync(RecoveryScene scene)
    {
        var mail = await scene.MailAsync(Subject);
        var link = ConfirmLink().Match(mail.Html!);
        Assert.True(link.Success, mail.Html);
        return link.Value;
    }

    private static async Task SignInAsync(PortalPage visitor, string email)
    {
        await visitor.AtAsync("/sign-in");
        await visitor.Page.GetByLabel("Email").FillAsync(email);
        await visitor.Page.GetByLabel("Password").FillAsync(PortalHost.Password);
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
    }

    private static ILocator ConfirmButton(PortalPage page) =>
        page.Page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Confirm") });

    private static Task ConfirmAsync(PortalPage page) => ConfirmButton(page).ClickAsync();

    [GeneratedRegex("http://[^\"]+/auto-recharge/confirm/[0-9a-f-]{36}")]
    private static partial Regex ConfirmLink();

    [GeneratedRegex("time for this confirmation is over|not confirmed with the bank in time")]
    private static partial Regex ItIsOver();
}
