using System.Net;
using System.Text.RegularExpressions;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.Tenants;

/// <summary>The second step of a sign-in, set up and used over real HTTP as a browser would.</summary>
public sealed partial class TwoStepTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private const string Setup = "/account/security/two-step";

    [Fact]
    public async Task Once_set_up_the_password_alone_opens_nothing_and_the_code_opens_the_session()
    {
        var (email, key, _) = await SetUpAsync();
        var browser = portal.Browser();
        var first = await PasswordAsync(browser, email);
        Assert.Contains("/sign-in/two-step", $"{first.Headers.Location}", StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/account")).StatusCode);

        var second = await CodeAsync(browser, Totp.Now(key));
        Assert.Equal(HttpStatusCode.Redirect, second.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/account")).StatusCode);
    }

    [Fact]
    public async Task A_wrong_code_is_refused_in_plain_words()
    {
        var (email, _, _) = await SetUpAsync();
        var browser = portal.Browser();
        await PasswordAsync(browser, email);
        var answer = await CodeAsync(browser, "000000");

        Assert.Contains("That code is not right", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/account")).StatusCode);
    }

    [Fact]
    public async Task A_recovery_code_signs_in_once_however_it_is_typed()
    {
        var (email, _, codes) = await SetUpAsync();
        Assert.Equal(10, codes.Count);
        var sloppy = codes[0].Replace("-", " ", StringComparison.Ordinal).ToLowerInvariant();
        var browser = portal.Browser();
        await PasswordAsync(browser, email);
        Assert.Equal(HttpStatusCode.Redirect, (await CodeAsync(browser, sloppy)).StatusCode);

        var again = portal.Browser();
        await PasswordAsync(again, email);
        Assert.Equal(HttpStatusCode.OK, (await CodeAsync(again, codes[0])).StatusCode);
        Assert.Contains("9 recovery codes are left", await browser.GetStringAsync("/account/security"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_password_nothing_is_switched_on_and_the_key_in_force_is_never_shown()
    {
        var email = await portal.PersonAsync(await portal.TenantAsync(), MemberRole.Owner);
        var browser = await portal.SignedInAsync(email);
        var (key, hidden) = Offer(await browser.GetStringAsync(Setup));
        var answer = await SwitchOnAsync(browser, hidden, Totp.Now(key), "not-the-password");
        Assert.Contains("not your current password", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        await SwitchOnAsync(browser, hidden, Totp.Now(key), PortalHost.Password);
        Assert.NotEqual(key, Offer(await browser.GetStringAsync(Setup)).Key);
    }

    private async Task<(string Email, string Key, IReadOnlyList<string> Codes)> SetUpAsync()
    {
        var email = await portal.PersonAsync(await portal.TenantAsync(), MemberRole.Owner);
        var browser = await portal.SignedInAsync(email);
        var (key, hidden) = Offer(await browser.GetStringAsync(Setup));
        var answer = await SwitchOnAsync(browser, hidden, Totp.Now(key), PortalHost.Password);
        var codes = Codes().Match(await answer.Content.ReadAsStringAsync());
        Assert.True(codes.Success, "No recovery codes were shown.");
        const StringSplitOptions Clean = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;
        return (email, key, WebUtility.HtmlDecode(codes.Groups[1].Value).Split('\n', Clean));
    }

    private static Task<HttpResponseMessage> SwitchOnAsync(HttpClient browser, string hidden, string code, string password) =>
        PortalHost.PostFormAsync(browser, Setup, "two-step-on", new()
        {
            ["Form.Key"] = hidden,
            ["Form.Code"] = code,
            ["Form.Password"] = password,
        });

    private static Task<HttpResponseMessage> PasswordAsync(HttpClient browser, string email) => PortalHost.PostFormAsync(
        browser, "/sign-in", "sign-in", new() { ["Form.Email"] = email, ["Form.Password"] = PortalHost.Password });

    private static Task<HttpResponseMessage> CodeAsync(HttpClient browser, string code) =>
        PortalHost.PostFormAsync(browser, "/sign-in/two-step", "two-step", new() { ["Form.Code"] = code });

    private static (string Key, string Hidden) Offer(string html) =>
        (Key().Match(html).Groups[1].Value.Replace(" ", "", StringComparison.Ordinal),
            WebUtility.HtmlDecode(Hidden().Match(html).Groups[1].Value));

    [GeneratedRegex("id=\"key\"[^>]*>([A-Z2-7 ]+)<")]
    private static partial Regex Key();

    [GeneratedRegex("name=\"Form.Key\" value=\"([^\"]+)\"")]
    private static partial Regex Hidden();

    [GeneratedRegex("id=\"codes\"[^>]*>([^<]+)<")]
    private static partial Regex Codes();
}
