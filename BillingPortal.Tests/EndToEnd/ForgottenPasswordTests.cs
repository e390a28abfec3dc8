using System.Text.RegularExpressions;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using Microsoft.Playwright;

namespace BillingPortal.Tests.EndToEnd;

/// <summary>A person who has forgotten the password, in a browser, from the sign-in page back to it.</summary>
public sealed partial class ForgottenPasswordTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task A_person_gets_in_again_by_the_mailed_link()
    {
        var email = await portal.Portal.PersonAsync(await portal.Portal.TenantAsync(), MemberRole.BillingAdmin);
        await using var browser = await portal.StrangerAsync();
        var page = browser.Page;
        await browser.OpenAsync("/sign-in");
        await page.GetByRole(AriaRole.Link, new() { Name = "Forgotten your password?" }).ClickAsync();
        await page.GetByLabel("Email").FillAsync(email);
        await page.GetByRole(AriaRole.Button, new() { Name = "Mail me a link" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Look into your mailbox");
        await browser.AssertAccessibleAsync();
        await browser.ShootAsync("sign-in-asked");

        await page.GotoAsync(await LinkAsync(email));
        await browser.AtAsync("/sign-in/reset$");
        await page.GetByLabel("New password", new() { Exact = true }).FillAsync("four words are enough");
        await page.GetByLabel("New password again").FillAsync("four words are not");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save the new password" }).ClickAsync();
        await Assertions.Expect(page.GetByText("The two passwords differ")).ToBeVisibleAsync();
        await browser.AssertAccessibleAsync();
        await browser.ShootAsync("sign-in-reset");
        await page.GetByLabel("New password", new() { Exact = true }).FillAsync("four words are enough");
        await page.GetByLabel("New password again").FillAsync("four words are enough");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save the new password" }).ClickAsync();

        await Assertions.Expect(page.GetByText("Your password is changed. Sign in with the new one.")).ToBeVisibleAsync();
        await browser.SignInAsync(email, "four words are enough");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Overview");
    }

    [Fact]
    public async Task A_person_sees_where_they_are_signed_in_and_signs_out_there()
    {
        var tenant = await portal.Portal.TenantAsync();
        var email = await portal.Portal.PersonAsync(tenant, MemberRole.BillingAdmin);
        await using var browser = await portal.StrangerAsync();
        await browser.TakeSessionAsync(email);
        using var other = await portal.Portal.SignedInAsync(email);
        await browser.OpenAsync("/account/sessions");
        await Assertions.Expect(browser.Page.GetByText("This browser")).ToBeVisibleAsync();
        foreach (var (name, look) in new[] { ("wide", new Look()), ("phone", Look.Phone), ("dark", new Look(IsDark: true)) })
        {
            await browser.LookAsync(look);
            await browser.AssertFitsAsync();
            await browser.AssertAccessibleAsync();
            await browser.ShootAsync($"account-sessions-{name}");
        }

        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out everywhere else" }).ClickAsync();
        await Assertions.Expect(browser.Page.GetByText("One other browser is signed out.")).ToBeVisibleAsync();
        await Assertions.Expect(browser.Page.GetByText("You are signed in nowhere else.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_person_asks_for_another_address_on_the_profile_page()
    {
        await using var browser = await portal.SignedInAsync(MemberRole.Owner);
        await browser.OpenAsync("/account");
        await browser.Page.GetByLabel("New email").FillAsync("ada.lovelace@tests.example");
        await browser.Page.GetByLabel("Your password, to change it").FillAsync(PortalHost.Password);
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Mail a link to the new address" }).ClickAsync();
        await Assertions.Expect(browser.Page.GetByText("A link is on its way to ada.lovelace@tests.example")).ToBeVisibleAsync();
        foreach (var (name, look) in new[] { ("wide", new Look()), ("phone", Look.Phone), ("dark", new Look(IsDark: true)) })
        {
            await browser.LookAsync(look);
            await browser.AssertFitsAsync();
            await browser.AssertAccessibleAsync();
            await browser.ShootAsync($"account-email-{name}");
        }
    }

    private async Task<string> LinkAsync(string email)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            if (await portal.Sandbox.MailboxAsync(email) is [var mail, ..])
            {
                await File.WriteAllTextAsync(Path.Combine(Pictures.Folder, "mail-reset.html"), mail.Html, patience.Token);
                return Link().Match(mail.Text!).Groups[1].Value;
            }

            await Task.Delay(20, patience.Token);
        }
    }

    [GeneratedRegex("Choose a new password: (\\S+)")]
    private static partial Regex Link();
}
