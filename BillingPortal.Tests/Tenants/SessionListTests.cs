using System.Net;
using System.Security.Claims;
using System.Text.RegularExpressions;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Outbox;
using BillingPortal.Tenants;
using BillingPortal.Tenants.Sessions;
using BillingPortal.Tests.Alerts;
using BillingPortal.Tests.Support;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BillingPortal.Tests.Tenants;

/// <summary>A portal with a mailbox that looks at every request, not every minute, whether the session still stands.</summary>
public sealed class WatchfulMailPortal : MailPortal
{
    protected override void Configure(IServiceCollection services) =>
        services.PostConfigure<SecurityStampValidatorOptions>(options => options.ValidationInterval = TimeSpan.Zero);
}

/// <summary>The list of signed-in browsers: it shows each, ends each, and what has ended stays out.</summary>
public sealed partial class SessionListTests(WatchfulMailPortal portal) : IClassFixture<WatchfulMailPortal>
{
    private const string Page = "/account/sessions";
    private const string Chrome =
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";

    private const string Phone =
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile Safari/604.1";

    [Fact]
    public async Task One_browser_signs_another_out_and_stays()
    {
        var email = await PersonAsync();
        var (here, there) = (await SignedInAsync(email, Chrome), await SignedInAsync(email, Phone));
        var html = await here.GetStringAsync(Page);
        Assert.Contains("Chrome on Windows", html, StringComparison.Ordinal);
        Assert.Contains("Safari on iPhone", html, StringComparison.Ordinal);
        Assert.Contains("This browser", html, StringComparison.Ordinal);
        var other = Assert.Single(Others().Matches(html)).Groups[1].Value;

        var answer = await PortalHost.PostFormAsync(here, Page, "end", new() { ["SessionId"] = other });

        Assert.Contains("The browser is signed out", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await there.GetAsync("/account")).StatusCode);
        Assert.DoesNotContain("Safari on iPhone", await here.GetStringAsync(Page), StringComparison.Ordinal);
        // Its cookie was thrown away with the refusal; a copy that was kept opens nothing either.
        Assert.Equal(HttpStatusCode.Redirect, (await there.GetAsync("/account/renew")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await there.GetAsync("/account")).StatusCode);
    }

    [Fact]
    public async Task Sign_out_everywhere_else_leaves_this_browser_alone()
    {
        var email = await PersonAsync();
        var here = await SignedInAsync(email, Chrome);
        var (first, second) = (await SignedInAsync(email, Phone), await SignedInAsync(email, Phone));

        var answer = await PortalHost.PostFormAsync(here, Page, "others", []);

        Assert.Contains("2 other browsers are signed out", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await here.GetAsync("/account")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await first.GetAsync("/account")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await second.GetAsync("/account")).StatusCode);
        Assert.Contains("signed in nowhere else", await here.GetStringAsync(Page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_ends_a_session_of_somebody_else()
    {
        var (mine, theirs) = (await PersonAsync(), await PersonAsync());
        var (here, there) = (await SignedInAsync(mine, Chrome), await SignedInAsync(theirs, Phone));
        await SignedInAsync(mine, Phone);
        var id = Assert.Single(await OpenAsync(theirs)).Id;

        await PortalHost.PostFormAsync(here, Page, "end", new() { ["SessionId"] = id.ToString() });
        await PortalHost.PostFormAsync(here, Page, "others", []);

        Assert.Equal(HttpStatusCode.OK, (await there.GetAsync("/account")).StatusCode);
    }

    [Fact]
    public async Task Signing_out_and_a_new_password_take_sessions_off_the_list()
    {
        var email = await PersonAsync();
        var here = await SignedInAsync(email, Chrome);
        var (there, third) = (await SignedInAsync(email, Phone), await SignedInAsync(email, Phone));
        await PortalHost.PostFormAsync(third, "/account", "", [], action: "/sign-out");
        Assert.Equal(2, (await OpenAsync(email)).Count);

        await PortalHost.PostFormAsync(here, "/account/security", "password", new()
        {
            ["Password.Current"] = PortalHost.Password,
            ["Password.New"] = "four words are enough",
            ["Password.Again"] = "four words are enough",
        });

        Assert.Equal(Chrome, Assert.Single(await OpenAsync(email)).UserAgent);
        Assert.Equal(HttpStatusCode.OK, (await here.GetAsync(Page)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await there.GetAsync(Page)).StatusCode);
    }

    [Fact]
    public async Task A_new_browser_is_told_by_mail_once_and_not_at_all_when_muted()
    {
        var email = await PersonAsync();
        await SignedInAsync(email, Chrome);
        var phone = await SignedInAsync(email, Phone);
        await EnterAsync(phone, email); // the same browser again: known by its own cookie
        await portal.Services.GetRequiredService<OutboxDispatcher>().DrainAsync();
        var mail = Assert.Single(await MailsAsync(email));
        Assert.Contains("Safari on iPhone", mail.Text, StringComparison.Ordinal);

        await PortalHost.PostFormAsync(phone, Page, "mails", new() { ["Mails.AreWanted"] = "false" });
        await SignedInAsync(email, Chrome);
        await portal.Services.GetRequiredService<OutboxDispatcher>().DrainAsync();
        Assert.Single(await MailsAsync(email));
    }

    [Fact]
    public async Task Signing_in_again_in_the_same_browser_leaves_one_session()
    {
        var email = await PersonAsync();
        var browser = await SignedInAsync(email, Chrome);
        await EnterAsync(browser, email);

        Assert.Single(await OpenAsync(email));
    }

    [Fact]
    public async Task An_open_page_ends_with_its_session()
    {
        var email = await PersonAsync();
        await SignedInAsync(email, Chrome);
        var session = Assert.Single(await OpenAsync(email));
        await using var scope = portal.Services.CreateAsyncScope();
        var user = (await scope.ServiceProvider.GetRequiredService<UserManager<User>>().FindByEmailAsync(email))!;
        var principal = await scope.ServiceProvider.GetRequiredService<SessionFactory>().CreateAsync(user);
        using var page = new SessionRevalidation(
            portal.Services.GetRequiredService<ILoggerFactory>(), portal.Services.GetRequiredService<IServiceScopeFactory>());
        Assert.False(await page.HoldsAsync(principal)); // without a session's id it is nobody's
        ((ClaimsIdentity)principal.Identity!).AddClaim(new Claim(SessionClaims.SessionId, session.Id.ToString()));
        Assert.True(await page.HoldsAsync(principal));

        await scope.ServiceProvider.GetRequiredService<SessionService>().EndOthersAsync(user.Id, Guid.Empty);

        Assert.False(await page.HoldsAsync(principal));
    }

    [Fact]
    public async Task Last_seen_is_written_once_a_minute_and_what_is_long_over_is_forgotten()
    {
        var email = await PersonAsync();
        var browser = await SignedInAsync(email, Chrome);
        var fresh = Assert.Single(await OpenAsync(email));
        await browser.GetAsync("/account");
        Assert.Equal(fresh.LastSeenAt, Assert.Single(await OpenAsync(email)).LastSeenAt);

        await AgeAsync(fresh.Id, "2 minutes");
        await browser.GetAsync("/account");
        var seen = Assert.Single(await OpenAsync(email));
        Assert.True(seen.LastSeenAt > fresh.LastSeenAt - TimeSpan.FromMinutes(1), "It was seen just now.");

        await AgeAsync(fresh.Id, "101 days");
        Assert.True(await portal.Services.GetRequiredService<SessionService>().SweepAsync(1000) >= 1);
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/account")).StatusCode);
    }

    [Theory]
    [InlineData(Chrome, "Chrome on Windows")]
    [InlineData(Phone, "Safari on iPhone")]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0", "Firefox on Linux")]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 Chrome/142.0 Safari/537.36 Edg/142.0", "Edge on Mac")]
    [InlineData("", "An unknown browser")]
    public void A_browser_is_named_in_words(string userAgent, string words) => Assert.Equal(words, DeviceText.Of(userAgent));

    private async Task<string> PersonAsync() => await portal.PersonAsync(await portal.TenantAsync(), MemberRole.Owner);

    private async Task<HttpClient> SignedInAsync(string email, string userAgent)
    {
        var browser = portal.Browser();
        browser.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", userAgent);
        await EnterAsync(browser, email);
        return browser;
    }

    private static async Task EnterAsync(HttpClient browser, string email)
    {
        var answer = await PortalHost.PostFormAsync(
            browser, "/sign-in", "sign-in", new() { ["Form.Email"] = email, ["Form.Password"] = PortalHost.Password });
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
    }

    private async Task<IReadOnlyList<UserSession>> OpenAsync(string email)
    {
        await using var unit = await portal.Database.BeginOpsAsync();
        var user = await unit.Db.Set<User>().AsNoTracking().SingleAsync(row => row.Email == email);
        return await portal.Services.GetRequiredService<SessionReader>().OpenAsync(user.Id);
    }

    private async Task<IReadOnlyList<SandboxEmail>> MailsAsync(string email) =>
        [.. (await portal.Sandbox.MailboxAsync(email)).Where(mail => mail.Subject == "New sign-in to your account")];

    private async Task AgeAsync(Guid id, string by)
    {
        await using var unit = await portal.Database.BeginOpsAsync();
        await using var command = unit.Command(
            "UPDATE sessions SET last_seen_at = last_seen_at - $2::interval, expires_at = expires_at - $2::interval WHERE id = $1",
            id, by);
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
        await unit.CommitAsync();
    }

    [GeneratedRegex("name=\"SessionId\" value=\"([^\"]+)\"")]
    private static partial Regex Others();
}
