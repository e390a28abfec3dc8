using System.Net;
using BillingPortal.Alerts;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using BillingPortal.Tenants.Team;
using BillingPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Tests.Tenants.Team;

/// <summary>From the invitation to the member: the link's life, who may use it, what is stored and told.</summary>
public sealed class InvitationTests(TeamPortal portal) : IClassFixture<TeamPortal>
{
    private const string Password = "four words are enough";

    [Fact]
    public async Task A_new_person_joins_by_the_link_once()
    {
        var (scene, email) = (await portal.SceneAsync(), NewAddress());
        var token = await scene.InvitedAsync(email, MemberRole.BillingAdmin);
        using var browser = portal.Browser();

        using var page = await browser.GetAsync($"/invitation/{token}");
        Assert.Equal("no-referrer", Assert.Single(page.Headers.GetValues("Referrer-Policy")));
        Assert.Contains("invites <strong>" + email, await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var joined = await JoinAsync(browser, token);

        Assert.Equal(HttpStatusCode.Redirect, joined.StatusCode);
        Assert.Contains("Billing admin, Acme Voice", await browser.GetStringAsync("/account"), StringComparison.Ordinal);
        Assert.Equal(MemberRole.BillingAdmin, await scene.RoleAsync((await portal.UserAsync(email)).Id));
        using var second = portal.Browser();
        Assert.Contains("This invitation was used", await second.GetStringAsync($"/invitation/{token}"), StringComparison.Ordinal);
        await portal.SignedInAsync(email, Password);
        var lines = await scene.LinesAsync();
        Assert.Equal(["invitation.created", "member.joined"], lines.Select(line => line.Action));
        Assert.Equal("Ann Lee (billing admin)", lines[1].ActorName);
    }

    [Fact]
    public async Task Who_signs_in_here_already_accepts_as_the_invited_address_only()
    {
        var scene = await portal.SceneAsync();
        var other = await portal.TenantAsync(name: "Bolt Logistics");
        var (invited, stranger) = (await portal.PersonAsync(other, MemberRole.Viewer), await portal.PersonAsync(other, MemberRole.Viewer));
        var token = await scene.InvitedAsync(invited.ToUpperInvariant());

        // Not as a new person, not as somebody else.
        using var anonymous = portal.Browser();
        using var asNew = await JoinAsync(anonymous, token);
        Assert.Contains("That did not work", await asNew.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var foreign = await portal.SignedInAsync(stranger);
        var page = await foreign.GetStringAsync($"/invitation/{token}");
        Assert.Contains("This invitation is for somebody else", page, StringComparison.Ordinal);
        Assert.Equal(AcceptOutcome.ForeignAddress, (await portal.Accepting.AcceptAsync(token, await portal.UserAsync(stranger))).Outcome);

        using var browser = await portal.SignedInAsync(invited);
        using var accepted = await PortalHost.PostFormAsync(browser, $"/invitation/{token}", "accept", []);
        Assert.Equal(HttpStatusCode.Redirect, accepted.StatusCode);
        Assert.Contains("Viewer, Acme Voice", await browser.GetStringAsync("/account"), StringComparison.Ordinal);
        Assert.Equal(MemberRole.Viewer, await scene.RoleAsync((await portal.UserAsync(invited)).Id));
    }

    [Fact]
    public async Task Two_who_use_the_link_at_once_make_one_person()
    {
        var (scene, email) = (await portal.SceneAsync(), NewAddress());
        var token = await scene.InvitedAsync(email);

        var race = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => portal.Accepting.AcceptAsNewAsync(token, "Ann", Password)));

        Assert.Single(race, accepted => accepted.Outcome is AcceptOutcome.Done);
        Assert.Equal(2, (await new TeamReader(portal.Database, TimeProvider.System).ReadAsync(scene.Tenant.Id, false)).Members.Count);
    }

    [Fact]
    public async Task Withdrawn_replaced_cut_off_and_expired_links_say_so_and_let_nobody_in()
    {
        var (scene, email) = (await portal.SceneAsync(), NewAddress());
        var old = await scene.InvitedAsync(email);
        await SeesAsync(old[..42], "This link leads nowhere");
        Assert.Equal(TeamOutcome.TooSoon, await ResendAsync());
        await portal.Sandbox.AdvanceClockAsync(InvitationService.Pause);
        await UntilAsync(async () => await ResendAsync() is TeamOutcome.Done);
        var token = await portal.TokenAsync(email, mails: 2);
        await SeesAsync(old, "There is a newer mail");
        await SeesAsync(token, "Join Acme Voice");

        await portal.Sandbox.AdvanceClockAsync(Invitation.Lifetime);
        await UntilAsync(async () => (await portal.Accepting.ReadAsync(token)).State is LinkState.Expired);
        await SeesAsync(token, "This invitation has expired");
        Assert.Equal(AcceptOutcome.LinkOver, (await portal.Accepting.AcceptAsNewAsync(token, "Ann", Password)).Outcome);

        // Sent again it lives; withdrawn it does not.
        Assert.Equal(TeamOutcome.Done, await ResendAsync());
        var last = await portal.TokenAsync(email, mails: 3);
        Assert.Equal(LinkState.Open, (await portal.Accepting.ReadAsync(last)).State);
        Assert.Equal(
            TeamOutcome.Done,
            await portal.Invitations.WithdrawAsync(scene.Tenant.Id, scene.Owner, await scene.InvitationAsync(email)));
        await SeesAsync(last, "This invitation was withdrawn");
        Assert.Equal(AcceptOutcome.LinkOver, (await portal.Accepting.AcceptAsNewAsync(last, "Ann", Password)).Outcome);
        Assert.Equal(
            ["invitation.created", "invitation.sent_again", "invitation.sent_again", "invitation.withdrawn"],
            (await scene.LinesAsync()).Select(line => line.Action));

        async Task<TeamOutcome> ResendAsync() =>
            await portal.Invitations.ResendAsync(scene.Tenant.Id, scene.Owner, await scene.InvitationAsync(email));
    }

    [Fact]
    public async Task An_invitation_says_the_same_for_known_and_unknown_addresses()
    {
        var scene = await portal.SceneAsync();
        var (known, unknown) = (await portal.PersonAsync(await portal.TenantAsync(), MemberRole.Owner), NewAddress());
        var links = (await scene.InvitedAsync(known), await scene.InvitedAsync(unknown));

        Assert.Equal(await MailAsync(known, links.Item1), await MailAsync(unknown, links.Item2));
        using var browser = portal.Browser();
        Assert.Equal(await PageAsync(known, links.Item1), await PageAsync(unknown, links.Item2));

        async Task<string> MailAsync(string to, string link) => Assert.Single(await portal.Sandbox.MailboxAsync(to)).Html!
            .Replace(to, "x", StringComparison.Ordinal).Replace(link, "y", StringComparison.Ordinal);

        async Task<string> PageAsync(string to, string link)
        {
            var html = await browser.GetStringAsync($"/invitation/{link}");
            var main = html[html.IndexOf("<main", StringComparison.Ordinal)..html.IndexOf("</main>", StringComparison.Ordinal)];
            return System.Text.RegularExpressions.Regex.Replace(main, "value=\"CfDJ8[^\"]*\"", "")
                .Replace(to, "x", StringComparison.Ordinal).Replace(link, "y", StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_link_stands_in_the_mail_and_nowhere_in_the_database()
    {
        var (scene, email) = (await portal.SceneAsync(), NewAddress());
        var token = await scene.InvitedAsync(email);
        var logged = Assert.Single(await portal.UntilAsync(scene.Tenant, EmailState.Sent, 1), row => row.ToAddress == email);
        Assert.Equal(MailKinds.Invitation, logged.Kind);

        await using var unit = await portal.Database.BeginOpsAsync();
        await using var command = unit.Command(
            """
            SELECT (SELECT count(*) FROM emails t WHERE t::text LIKE $1) + (SELECT count(*) FROM outbox_messages t WHERE t::text LIKE $1)
              + (SELECT count(*) FROM invitations t WHERE t::text LIKE $1) + (SELECT count(*) FROM audit_log t WHERE t::text LIKE $1)
              + (SELECT count(*) FROM invitation_tokens t WHERE t::text LIKE $1)
            """,
            $"%{token}%");
        Assert.Equal(0L, await command.ExecuteScalarAsync());
        var known = await unit.Db.Set<InvitationToken>().SingleAsync(row => row.TenantId == scene.Tenant.Id);
        Assert.Equal(InvitationTokens.HashOf(token), known.Sha256);
    }

    // The provider's fault: the mail is tried again with a link of its own, and whichever arrives works.
    [Fact]
    public async Task A_mail_that_fails_is_tried_again_and_its_link_works()
    {
        var (scene, email) = (await portal.SceneAsync(), NewAddress());
        await portal.Sandbox.FaultAsync("error_after", "resend", count: 1);

        Assert.Equal(TeamOutcome.Done, await scene.InviteAsync(email));
        await UntilAsync(async () =>
        {
            await portal.Sandbox.AdvanceClockAsync(TimeSpan.FromMinutes(1));
            return (await portal.UntilAsync(scene.Tenant, EmailState.Sent, 0)).Exists(row => row.State is EmailState.Sent);
        });

        var token = await portal.TokenAsync(email);
        Assert.Equal(AcceptOutcome.Done, (await portal.Accepting.AcceptAsNewAsync(token, "Ann", Password)).Outcome);
    }

    [Fact]
    public async Task Limits_and_wrong_addresses_are_refused_in_words()
    {
        var scene = await portal.SceneAsync();
        var colleague = await portal.PersonAsync(scene.Tenant, MemberRole.Viewer);
        Assert.Equal(TeamOutcome.IsMember, await scene.InviteAsync(colleague.ToUpperInvariant()));
        Assert.Equal(TeamOutcome.AddressWrong, await scene.InviteAsync("nobody"));
        for (var i = 0; i < InvitationService.OpenMax; i++)
        {
            Assert.Equal(TeamOutcome.Done, await scene.InviteAsync($"p{i}@{scene.Tenant.Slug}.example"));
        }

        Assert.Equal(TeamOutcome.IsInvited, await scene.InviteAsync($"P1@{scene.Tenant.Slug}.example"));
        Assert.Equal(TeamOutcome.TooManyOpen, await scene.InviteAsync(NewAddress()));
        Assert.All(Enum.GetValues<TeamOutcome>().Except([TeamOutcome.Done]), outcome => Assert.NotEmpty(TeamTexts.RefusalOf(outcome)));
    }

    [Theory]
    [InlineData("", Password, AcceptOutcome.NameWrong)]
    [InlineData("Ann", "too short", AcceptOutcome.PasswordWrong)]
    public async Task A_new_persons_name_and_password_follow_the_rules(string name, string password, AcceptOutcome expected)
    {
        var (scene, email) = (await portal.SceneAsync(), NewAddress());
        var token = await scene.InvitedAsync(email);

        Assert.Equal(expected, (await portal.Accepting.AcceptAsNewAsync(token, name, password)).Outcome);
        Assert.Equal(LinkState.Open, (await portal.Accepting.ReadAsync(token)).State);
    }

    [Fact]
    public async Task Staff_join_no_tenant()
    {
        var (scene, email) = (await portal.SceneAsync(), NewAddress());
        await portal.TenantService.AddStaffAsync(new NewPerson(email, "Agent", PortalHost.Password), StaffRole.Agent);
        var token = await scene.InvitedAsync(email);

        Assert.Equal(AcceptOutcome.IsStaff, (await portal.Accepting.AcceptAsync(token, await portal.UserAsync(email))).Outcome);
    }

    private static string NewAddress() => $"{Ids.New():N}@invited.example";

    private static Task<HttpResponseMessage> JoinAsync(HttpClient browser, string token) =>
        PortalHost.PostFormAsync(browser, $"/invitation/{token}", "join", new()
        {
            ["Form.Name"] = "Ann Lee",
            ["Form.Password"] = Password,
            ["Form.Again"] = Password,
        });

    private async Task SeesAsync(string token, string title)
    {
        using var browser = portal.Browser();
        Assert.Contains(title, await browser.GetStringAsync($"/invitation/{token}"), StringComparison.Ordinal);
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await isSo())
        {
            await Task.Delay(20, patience.Token);
        }
    }
}
