using System.Net;
using System.Text.RegularExpressions;
using BillingPortal.Tenants;
using BillingPortal.Tests.Security;
using BillingPortal.Tests.Support;
using BillingPortal.Web;

namespace BillingPortal.Tests.Web;

/// <summary>What browsers are told, in Development and under https.</summary>
public sealed partial class SecurityHeadersTests(PortalHost portal, SecurePortal secure)
    : IClassFixture<PortalHost>, IClassFixture<SecurePortal>
{
    [Fact]
    public async Task Every_script_of_a_page_carries_the_nonce_of_its_answer_and_no_other_answer_has_it()
    {
        var (first, second) = (await NonceAsync("/sign-in"), await NonceAsync("/sign-in"));

        Assert.NotEqual(first, second);
        await NonceAsync("/status/404");
    }

    [Fact]
    public void A_page_names_no_inline_script_no_eval_and_no_host_but_stripes()
    {
        var policies = new ContentPolicy(new Uri("https://js.stripe.com/endive/stripe.js"), isSecure: true).OfPage("abc").Split(", ");

        Assert.Equal(2, policies.Length);
        Assert.Contains(
            "script-src 'self' https://js.stripe.com https://*.js.stripe.com 'nonce-abc';", policies[0], StringComparison.Ordinal);
        Assert.Equal("script-src 'nonce-abc' 'strict-dynamic'", policies[1]);
        Assert.DoesNotContain("unsafe-eval", policies[0], StringComparison.Ordinal);
        Assert.Equal(["style-src-attr 'unsafe-inline'"], policies[0].Split("; ").Where(one => one.Contains("unsafe-inline")));
        Assert.Contains("upgrade-insecure-requests", policies[0], StringComparison.Ordinal);
        Assert.All(
            Address().Matches(policies[0]).Select(match => match.Value),
            host => Assert.EndsWith("stripe.com", host, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/api/nothing")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/health/live")]
    public async Task Data_may_load_and_run_nothing(string path)
    {
        var answer = await portal.Browser().GetAsync(path);

        Assert.Equal(ContentPolicy.OfData, answer.Headers.GetValues("Content-Security-Policy").Single());
    }

    [Fact]
    public async Task Pages_and_files_with_somebodys_data_are_kept_nowhere_and_files_of_the_build_may_be()
    {
        var browser = await portal.SignedInAsync(await portal.TenantAsync(), MemberRole.Owner);
        string[] paths = ["/", "/account", "/team/history.csv", "/api/credits/transactions.csv", "/api/credits", "/no-such-page"];
        foreach (var path in paths)
        {
            var answer = await browser.GetAsync(path);
            Assert.True(answer.Headers.CacheControl?.NoStore, path);
        }

        Assert.False((await browser.GetAsync("/css/theme.css")).Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task Under_https_browsers_are_told_to_stay_there()
    {
        var answer = await secure.Browser().GetAsync("/sign-in");

        Assert.Equal("max-age=63072000; includeSubDomains", answer.Headers.GetValues("Strict-Transport-Security").Single());
        Assert.Contains("upgrade-insecure-requests", Policy(answer), StringComparison.Ordinal);
        Assert.False((await portal.Browser().GetAsync("/sign-in")).Headers.Contains("Strict-Transport-Security"));
    }

    [Fact]
    public async Task Under_https_every_cookie_is_this_hosts_alone_and_out_of_scripts_reach()
    {
        var email = await secure.PersonAsync(await secure.TenantAsync(), MemberRole.Owner);
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = secure.Address,
        };
        var form = await browser.GetAsync("/sign-in");
        var token = Token().Match(await form.Content.ReadAsStringAsync()).Groups[1].Value;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/sign-in")
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["Form.Email"] = email,
                ["Form.Password"] = PortalHost.Password,
                ["_handler"] = "sign-in",
                ["__RequestVerificationToken"] = WebUtility.HtmlDecode(token),
            }),
        };
        request.Headers.Add("Cookie", form.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0]));
        var answer = await browser.SendAsync(request);
        var reset = await browser.GetAsync("/sign-in/reset?code=abc");
        var cookies = new[] { form, answer, reset }.SelectMany(one => one.Headers.GetValues("Set-Cookie")).ToList();

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal(
            ["__Host-billing_device", "__Host-billing_form", "__Host-billing_session", "__Secure-billing_reset"],
            cookies.Select(cookie => cookie.Split('=')[0]).Distinct().Order(StringComparer.Ordinal));
        Assert.All(cookies, cookie =>
        {
            Assert.Contains("; secure", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("; httponly", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Matches("(?i); samesite=(lax|strict)", cookie);
            Assert.DoesNotContain("domain=", cookie, StringComparison.OrdinalIgnoreCase);
        });
        Assert.All(cookies.Where(cookie => cookie.StartsWith("__Host-", StringComparison.Ordinal)), cookie =>
            Assert.Contains("; path=/;", cookie, StringComparison.OrdinalIgnoreCase));
    }

    private async Task<string> NonceAsync(string path)
    {
        var answer = await portal.Browser().GetAsync(path);
        var page = await answer.Content.ReadAsStringAsync();
        var nonce = Nonce().Match(Policy(answer)).Groups[1].Value;
        Assert.Equal(24, nonce.Length);
        Assert.All(Script().Matches(page).Select(match => WebUtility.HtmlDecode(match.Value)), script =>
            Assert.Contains($"nonce=\"{nonce}\"", script, StringComparison.Ordinal));
        return nonce;
    }

    private static string Policy(HttpResponseMessage answer) => answer.Headers.GetValues("Content-Security-Policy").Single();

    [GeneratedRegex("'nonce-([^']+)'")]
    private static partial Regex Nonce();

    [GeneratedRegex("<script[^>]*>")]
    private static partial Regex Script();

    [GeneratedRegex(@"https?://[\w.*-]+")]
    private static partial Regex Address();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
