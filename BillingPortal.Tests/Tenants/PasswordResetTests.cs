using System.Net;
using System.Text.RegularExpressions;
using BillingPortal.Audit;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Outbox;
using BillingPortal.Tenants;
using BillingPortal.Tenants.Passkeys;
using BillingPortal.Tenants.Passwords;
using BillingPortal.Tests.Alerts;
using BillingPortal.Tests.Support;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Tenants;

/// <summary>A forgotten password, from the question to the new session, over real HTTP and a real mailbox.</summary>
public sealed partial class PasswordResetTests(MailPortal portal) : IClassFixture<MailPortal>
{
    private const string NewPassword = "four words are enough";

    [Fact]
    public async Task A_mailed_link_gives_a_new_password_once_and_ends_every_session()
    {
        var tenant = await portal.TenantAsync();
        var email = await portal.PersonAsync(tenant, MemberRole.Viewer);
        var before = await UserAsync(email);
        var link = await LinkAsync(email);
        var browser = portal.Browser();

        var opened = await browser.GetAsync(link);
        Assert.EndsWith("/sign-in/reset", $"{opened.Headers.Location}", StringComparison.Ordinal);
        var saved = await SaveAsync(browser);

        Assert.EndsWith("/sign-in?news=password", $"{saved.Headers.Location}", StringComparison.Ordinal);
        Assert.NotEqual(before.SecurityStamp, (await UserAsync(email)).SecurityStamp);
        await portal.SignedInAsync(email, NewPassword);
        await UntilMailAsync(email, "Your password was changed");
        Assert.Contains("no longer works", await OpenAsync(portal.Browser(), link), StringComparison.Ordinal);
        var lines = await AuditAsync(tenant.Id);
        Assert.Equal(["password.asked", "password.changed"], lines.Select(line => line.Action));
        var code = link.Split('=')[1];
        Assert.All(lines, line => Assert.DoesNotContain(code, $"{line.Summary}{line.Before}{line.After}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_address_that_nobody_has_is_answered_in_the_same_words_and_gets_no_mail()
    {
        var known = await portal.PersonAsync(await portal.TenantAsync(), MemberRole.Viewer);
        var stranger = $"{Ids.New():N}@tests.example";

        var (first, second) = (await AskAsync(known), await AskAsync(stranger));

        Assert.Equal(first.Replace(known, "", StringComparison.Ordinal), second.Replace(stranger, "", StringComparison.Ordinal));
        Assert.Contains("Look into your mailbox", second, StringComparison.Ordinal);
        await portal.Services.GetRequiredService<OutboxDispatcher>().DrainAsync();
        Assert.Empty(await portal.Sandbox.MailboxAsync(stranger));
    }

    [Fact]
    public async Task A_lock_out_ends_and_two_step_sign_in_stays()
    {
        var email = await portal.PersonAsync(await portal.TenantAsync(), MemberRole.Owner);
        await ChangeAsync(email, user => (user.LockoutEndAt, user.AccessFailedCount, user.IsTwoFactorEnabled) =
            (TimeProvider.System.GetUtcNow().AddMinutes(9), 4, true));
        var browser = portal.Browser();
        await browser.GetAsync(await LinkAsync(email));
        await SaveAsync(browser);

        var user = await UserAsync(email);
        Assert.Equal((null, 0, true), (user.LockoutEndAt, user.AccessFailedCount, user.IsTwoFactorEnabled));
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    public async Task Passkeys_stay_unless_the_person_wants_them_gone(bool areRemoved, int left)
    {
        var email = await portal.PersonAsync(await portal.TenantAsync(), MemberRole.Owner);
        var person = await UserAsync(email);
        await using (var unit = await portal.Database.BeginOpsAsync())
        {
            unit.Db.Add(PasskeyStore.Make(person.Id, "Phone", new UserPasskeyInfo(
                Ids.New().ToByteArray(), [1], person.CreatedAt, 0, [], true, false, false, [1], [1])));
            await unit.CommitAsync();
        }

        var code = (await LinkAsync(email)).Split('=')[1];
        await using var scope = portal.Services.CreateAsyncScope();
        var result = await scope.ServiceProvider.GetRequiredService<PasswordService>().ResetAsync(code, NewPassword, areRemoved);

        Assert.Equal(PasswordOutcome.Done, result.Outcome);
        await using var after = await portal.Database.BeginOpsAsync();
        Assert.Equal(left, await after.Db.Set<Passkey>().CountAsync(row => row.UserId == person.Id));
    }

    [Fact]
    public async Task A_link_works_for_thirty_minutes_and_a_refused_password_does_not_use_it_up()
    {
        var email = await portal.PersonAsync(await portal.TenantAsync(), MemberRole.Owner);
        var browser = portal.Browser();
        await browser.GetAsync(await LinkAsync(email));

        var refused = await SaveAsync(browser, "short");
        Assert.Contains("At least 12 characters", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var service = portal.Services.CreateScope().ServiceProvider.GetRequiredService<PasswordService>();
        await ExpireAsync(email);
        var late = await SaveAsync(browser, page: "/sign-in/forgotten", action: "/sign-in/reset");

        Assert.Contains("no longer works", await late.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(PasswordOutcome.LinkEnded, (await service.ResetAsync("no such code", NewPassword)).Outcome);
    }

    // Two people with the same link at the same moment: the lock on its row lets one through.
    [Fact]
    public async Task A_link_used_twice_at_once_works_once()
    {
        var email = await portal.PersonAsync(await portal.TenantAsync(), MemberRole.Owner);
        var code = (await LinkAsync(email)).Split('=')[1];

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(async number =>
        {
            await using var scope = portal.Services.CreateAsyncScope();
            var result = await scope.ServiceProvider.GetRequiredService<PasswordService>().ResetAsync(code, $"{NewPassword} {number}");
            return result.Outcome;
        }));

        Assert.Single(outcomes, PasswordOutcome.Done);
        Assert.Equal(3, outcomes.Count(outcome => outcome is PasswordOutcome.LinkEnded));
    }

    [Fact]
    public async Task The_fourth_question_within_a_quarter_of_an_hour_is_refused_known_address_or_not()
    {
        var stranger = $"{Ids.New():N}@tests.example";
        for (var time = 0; time < ResetAttempts.PerEmail; time++)
        {
            Assert.Contains("Look into your mailbox", await AskAsync(stranger), StringComparison.Ordinal);
        }

        Assert.Contains("for several times", await AskAsync(stranger), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\u0007")]
    [InlineData("\u0085")]
    public async Task A_forgotten_password_needs_an_address_without_invisible_characters(string sign) =>
        Assert.Contains("invisible character", await AskAsync($"ann{sign}@tests.example"), StringComparison.Ordinal);

    [Fact]
    public async Task Nothing_that_is_stored_opens_the_link()
    {
        var email = await portal.PersonAsync(await portal.TenantAsync(), MemberRole.Owner);
        var code = (await LinkAsync(email)).Split('=')[1];

        await using var unit = await portal.Database.BeginOpsAsync();
        var messages = await unit.Db.Set<OutboxMessage>().Select(message => message.Payload).ToListAsync();
        var hashes = await unit.Db.Set<PasswordReset>().Select(reset => reset.CodeHash).ToListAsync();

        Assert.NotEmpty(messages);
        Assert.DoesNotContain(messages, payload => payload.Contains(code, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(code, hashes);
        Assert.Contains(PasswordReset.HashOf(code), hashes);
    }

    private async Task<string> AskAsync(string email)
    {
        var answer = await PortalHost.PostFormAsync(
            portal.Browser(), "/sign-in/forgotten", "forgotten", new() { ["Form.Email"] = email });
        return Token().Replace(await answer.Content.ReadAsStringAsync(), "");
    }

    private async Task<string> LinkAsync(string email)
    {
        await AskAsync(email);
        var mail = await UntilMailAsync(email, "Choose a new password");
        return new Uri(Link().Match(mail.Text!).Groups[1].Value).PathAndQuery;
    }

    private async Task<SandboxEmail> UntilMailAsync(string email, string subject)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            if ((await portal.Sandbox.MailboxAsync(email)).FirstOrDefault(mail => mail.Subject == subject) is { } found)
            {
                return found;
            }

            await Task.Delay(20, patience.Token);
        }
    }

    private static async Task<string> OpenAsync(HttpClient browser, string link)
    {
        await browser.GetAsync(link);
        return await browser.GetStringAsync("/sign-in/reset");
    }

    private static Task<HttpResponseMessage> SaveAsync(
        HttpClient browser, string password = NewPassword, string page = "/sign-in/reset", string? action = null) =>
        PortalHost.PostFormAsync(browser, page, "reset", new() { ["Form.New"] = password, ["Form.Again"] = password }, action);

    private async Task<User> UserAsync(string email)
    {
        await using var unit = await portal.Database.BeginOpsAsync();
        return await unit.Db.Set<User>().AsNoTracking().SingleAsync(user => user.Email == email);
    }

    private async Task ChangeAsync(string email, Action<User> change)
    {
        await using var unit = await portal.Database.BeginOpsAsync();
        change(await unit.Db.Set<User>().SingleAsync(user => user.Email == email));
        await unit.CommitAsync();
    }

    private async Task ExpireAsync(string email)
    {
        var user = await UserAsync(email);
        await using var unit = await portal.Database.BeginOpsAsync();
        await using var command = unit.Command(
            "UPDATE password_resets SET expires_at = created_at, created_at = created_at - interval '30 minutes' WHERE user_id = $1",
            user.Id);
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
        await unit.CommitAsync();
    }

    private async Task<List<AuditLine>> AuditAsync(Guid tenantId)
    {
        await using var unit = await portal.Database.BeginOpsAsync();
        return await unit.Db.Set<AuditLine>().AsNoTracking().Where(line => line.TenantId == tenantId)
            .OrderBy(line => line.At).ThenBy(line => line.Id).ToListAsync();
    }

    [GeneratedRegex("Choose a new password: (\\S+)")]
    private static partial Regex Link();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"[^\"]+\"|nonce=\"[^\"]*\"|<!--Blazor.*?-->", RegexOptions.Singleline)]
    private static partial Regex Token();
}
