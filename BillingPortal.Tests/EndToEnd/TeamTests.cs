using System.Text.RegularExpressions;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using Microsoft.Playwright;

namespace BillingPortal.Tests.EndToEnd;

/// <summary>An owner invites somebody, who comes by the mail's link, changes role, and is removed while a page is open.</summary>
public sealed partial class TeamTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    private const string Password = "four words are enough";

    [Fact]
    public async Task Somebody_is_invited_joins_gets_another_role_and_is_removed_with_a_page_open()
    {
        var email = $"ann.{Ids.New():N}@invited.example";
        await using var owner = await portal.SignedInAsync(MemberRole.Owner);
        await owner.OpenAsync("/team");
        await InviteAsync(owner, email);
        await ExamineAsync(owner, "team-invited");

        await using var ann = await portal.StrangerAsync();
        var link = await LinkAsync(email);
        await ann.Page.GotoAsync(link);
        await ExamineAsync(ann, "invitation");
        await ann.Page.GetByLabel("Your name").FillAsync("Ann Lee");
        await ann.Page.GetByLabel("Password", new() { Exact = true }).FillAsync(Password);
        await ann.Page.GetByLabel("Password again").FillAsync(Password);
        await ann.Page.GetByRole(AriaRole.Button, new() { Name = "Join Acme Voice" }).ClickAsync();
        await ann.AtAsync("/$");
        await ann.OpenAsync("/team");
        await Assertions.Expect(ann.Page.GetByRole(AriaRole.Button, new() { Name = "Invite" })).ToHaveCountAsync(0);
        await ExamineAsync(ann, "team-viewer");

        // The owner's page shows it without being asked.
        var row = owner.Page.Locator($"[data-member='{email}']");
        await Assertions.Expect(row).ToContainTextAsync("Viewer");
        await Button(owner, $"Change role of Ann Lee, {email}").ClickAsync();
        await owner.Page.GetByLabel("Billing admin").CheckAsync();
        await ExamineAsync(owner, "team-role");
        await Button(owner, "Save the role").ClickAsync();
        await Assertions.Expect(row).ToContainTextAsync("Billing admin");

        // Within a minute her page is signed out; a reload shows what she may do now.
        await Assertions.Expect(ann.Page).ToHaveURLAsync(new Regex("/sign-in"), new() { Timeout = 90_000 });
        await ann.OpenAsync("/team/history");
        await Assertions.Expect(ann.Page.Locator(".audit-table")).ToContainTextAsync("Ann Lee is a billing admin now, was a viewer.");
        await ann.Page.GetByText("Before and after").First.ClickAsync();
        await ExamineAsync(ann, "team-history-lines");

        await Button(owner, $"Remove Ann Lee, {email}").ClickAsync();
        var question = owner.Page.GetByRole(AriaRole.Dialog);
        await owner.ShootAsync("team-question-1440-light");
        await question.GetByRole(AriaRole.Button, new() { Name = "Remove from the team" }).ClickAsync();
        await Assertions.Expect(row).ToHaveCountAsync(0);
        await Assertions.Expect(ann.Page).ToHaveURLAsync(new Regex("/sign-in"), new() { Timeout = 90_000 });
        await ann.Page.GotoAsync("/team");
        await Assertions.Expect(ann.Page.Locator("main")).Not.ToContainTextAsync("Acme Voice");
    }

    [Fact]
    public async Task Links_that_are_over_say_why_and_the_last_owner_cannot_leave()
    {
        var email = $"bob.{Ids.New():N}@invited.example";
        await using var owner = await portal.SignedInAsync(MemberRole.Owner);
        await owner.OpenAsync("/team");
        await InviteAsync(owner, email);
        var link = await LinkAsync(email);

        await Button(owner, $"Send again the invitation of {email}").ClickAsync();
        await Assertions.Expect(owner.Page.GetByText("less than a minute ago")).ToBeVisibleAsync();
        await Button(owner, $"Withdraw the invitation of {email}").ClickAsync();
        await owner.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Withdraw the invitation" }).ClickAsync();
        await Assertions.Expect(owner.Page.Locator($"[data-invitation='{email}']")).ToHaveCountAsync(0);
        await using var bob = await portal.StrangerAsync();
        await bob.Page.GotoAsync(link);
        await Assertions.Expect(bob.Page.GetByText("This invitation was withdrawn")).ToBeVisibleAsync();
        await ExamineAsync(bob, "invitation-withdrawn");

        await Button(owner, "Leave Acme Voice").ClickAsync();
        await owner.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Leave the account" }).ClickAsync();
        await Assertions.Expect(owner.Page.GetByText("An account always has an owner")).ToBeVisibleAsync();
        await owner.ShootAsync("team-refused-1440-light");
    }

    private static async Task InviteAsync(PortalPage owner, string email)
    {
        await Button(owner, "Invite").ClickAsync();
        await Button(owner, "Send the invitation").ClickAsync();
        await Assertions.Expect(owner.Page.GetByText("Enter one email address")).ToBeVisibleAsync();
        await ExamineAsync(owner, "team-form");
        await owner.Page.GetByLabel("Email").FillAsync(email);
        await Button(owner, "Send the invitation").ClickAsync();
        await Assertions.Expect(owner.Page.Locator($"[data-invitation='{email}']")).ToContainTextAsync("Waiting");
    }

    private async Task<string> LinkAsync(string email)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            if ((await portal.Sandbox.MailboxAsync(email)) is [var mail, ..])
            {
                return Link().Match(mail.Html!).Value;
            }

            await Task.Delay(50, patience.Token);
        }
    }

    private static ILocator Button(PortalPage browser, string name) =>
        browser.Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

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

    [GeneratedRegex("/invitation/[A-Za-z0-9_-]{43}")]
    private static partial Regex Link();
}
