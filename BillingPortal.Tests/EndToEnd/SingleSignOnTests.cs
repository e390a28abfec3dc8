using BillingPortal.Kernel;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using Microsoft.Playwright;

namespace BillingPortal.Tests.EndToEnd;

/// <summary>An owner sets single sign-on up, a lead confirms the domain, and somebody new comes in by it, all in a browser.</summary>
public sealed class SingleSignOnTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task From_setting_it_up_to_the_first_sign_in()
    {
        await using var issuer = await SmallIssuer.StartAsync();
        var domain = $"{Ids.New().ToString("N")[16..]}.example";
        await using var owner = await portal.SignedInAsync(MemberRole.Owner);
        await SetUpAsync(owner, issuer, domain);
        await ConfirmAsync(domain);

        issuer.AsksPeople = true;
        issuer.Person = new() { ["sub"] = "ada", ["email"] = $"ada@{domain}", ["email_verified"] = true, ["name"] = "Ada Lovelace" };
        await using var ada = await portal.StrangerAsync();
        var page = ada.Page;
        await page.GotoAsync("/sign-in");
        await ExamineAsync(ada, "sign-in-with-sso");
        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in with single sign-on" }).ClickAsync();
        await page.GetByLabel("Work email").FillAsync("ada@nobody-knows.example");
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await Assertions.Expect(page.GetByText("No single sign-on is known for that address")).ToBeVisibleAsync();
        await ExamineAsync(ada, "sso-start");
        await page.GetByLabel("Work email").FillAsync($"ada@{domain}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = $"Continue as ada@{domain}" }).ClickAsync();
        await ada.AtAsync("^(?!.*/sign-in)");
        await ada.WaitForReadyAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Overview" })).ToBeVisibleAsync();

        await page.GotoAsync("/account");
        await Assertions.Expect(page.GetByText("You came in by single sign-on")).ToBeVisibleAsync();
        await ada.ShootAsync("sso-own-account-1440-light");

        issuer.Refuses = "access_denied";
        await page.GotoAsync($"/sign-in/sso/{owner.Tenant.Slug}");
        await Assertions.Expect(page.GetByText("Your company's sign-in said no")).ToBeVisibleAsync();
        await ada.ShootAsync("sso-refused-1440-light");

        await owner.OpenAsync("/team/single-sign-on");
        await Assertions.Expect(owner.Page.Locator($"[data-person='ada@{domain}']")).ToBeVisibleAsync();
        await ExamineAsync(owner, "sso-people");
    }

    private static async Task SetUpAsync(PortalPage owner, SmallIssuer issuer, string domain)
    {
        await owner.OpenAsync("/team/single-sign-on");
        var page = owner.Page;
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByText("Enter the issuer's address")).ToBeVisibleAsync();
        await ExamineAsync(owner, "sso-faults");
        await page.GetByLabel("Issuer", new() { Exact = true }).FillAsync(issuer.Issuer + "/");
        await page.GetByLabel("Client id").FillAsync(SmallIssuer.ClientId);
        await page.GetByLabel("Client secret").FillAsync(SmallIssuer.ClientSecret);
        await page.GetByLabel("Your people's email domains").FillAsync(domain);
        await page.GetByLabel("New people may join by themselves").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Test the connection" }).ClickAsync();
        await Assertions.Expect(page.GetByText("a slash at the end, or a missing one, counts")).ToBeVisibleAsync();
        await page.GetByLabel("Issuer", new() { Exact = true }).FillAsync(issuer.Issuer);
        await page.GetByRole(AriaRole.Button, new() { Name = "Test the connection" }).ClickAsync();
        await Assertions.Expect(page.GetByText("One key to check its signatures by.")).ToBeVisibleAsync();
        await ExamineAsync(owner, "sso-tested");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByText("Waits for support")).ToBeVisibleAsync();
        await ExamineAsync(owner, "sso-waits");
    }

    private async Task ConfirmAsync(string domain)
    {
        await using (var agent = await portal.StaffAsync(StaffRole.Agent))
        {
            await agent.OpenAsync("/staff/single-sign-on");
            await Assertions.Expect(agent.Page.GetByText("A support lead confirms domains.")).ToBeVisibleAsync();
            await Assertions.Expect(agent.Page.Locator($"[data-domain='{domain}'] button")).ToHaveCountAsync(0);
        }

        await using var lead = await portal.StaffAsync(StaffRole.Lead);
        await lead.OpenAsync("/staff/single-sign-on");
        await ExamineAsync(lead, "staff-sso");
        var row = lead.Page.Locator($"[data-domain='{domain}']");
        await row.GetByRole(AriaRole.Button).ClickAsync();
        await lead.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Confirm the domain" }).ClickAsync();
        await Assertions.Expect(row).ToContainTextAsync("Confirmed");
    }

    private static async Task ExamineAsync(PortalPage browser, string name)
    {
        foreach (var (lookName, look) in new[] { ("1440-light", new Look()), ("390-dark", Look.Phone with { IsDark = true }) })
        {
            await browser.LookAsync(look);
            await browser.ShootAsync($"{name}-{lookName}");
            await browser.AssertFitsAsync();
            await browser.AssertAccessibleAsync();
        }

        await browser.LookAsync(new Look());
    }
}
