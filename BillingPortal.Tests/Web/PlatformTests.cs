using System.Net;
using System.Text.Json;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.Web;

/// <summary>What every answer carries, and the addresses for operators and programmers.</summary>
public sealed class PlatformTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/api/nothing")]
    [InlineData("/no-such-page")]
    public async Task Every_answer_carries_the_security_headers(string path)
    {
        var answer = await portal.Browser().GetAsync(path);

        Assert.Contains("frame-ancestors 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Fact]
    public async Task Liveness_and_readiness_answer_without_a_session()
    {
        Assert.Equal(HttpStatusCode.OK, (await portal.Browser().GetAsync("/health/live")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await portal.Browser().GetAsync("/health/ready")).StatusCode);
    }

    [Fact]
    public async Task The_api_description_names_the_schemes_and_the_idempotency_key()
    {
        var text = await portal.Browser().GetStringAsync("/openapi/v1.json");
        var document = JsonDocument.Parse(text).RootElement;
        var schemes = document.GetProperty("components").GetProperty("securitySchemes");

        Assert.Equal("bearer", schemes.GetProperty("apiKey").GetProperty("scheme").GetString());
        Assert.Equal("billing_session", schemes.GetProperty("session").GetProperty("name").GetString());
        Assert.All(
            document.GetProperty("paths").EnumerateObject(), path => Assert.StartsWith("/api/", path.Name, StringComparison.Ordinal));
        Assert.Contains("idempotency_key_reused", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_reference_page_shows_every_operation_of_the_description()
    {
        var page = WebUtility.HtmlDecode(await portal.Browser().GetStringAsync("/docs/api"));
        var document = JsonDocument.Parse(await portal.Browser().GetStringAsync("/openapi/v1.json")).RootElement;

        Assert.All(document.GetProperty("paths").EnumerateObject(), path => Assert.Contains(path.Name, page, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_page_that_is_not_there_is_404_and_a_foreign_one_403_under_its_own_address()
    {
        var browser = await portal.SignedInAsync(await portal.TenantAsync(), MemberRole.Viewer);
        var missing = await browser.GetAsync("/no-such-page");
        var foreign = await browser.GetAsync("/staff");

        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Contains("There is no such page", await missing.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
    }

    [Fact]
    public async Task Another_site_cannot_use_the_sessions_cookie_to_change_anything()
    {
        var browser = await portal.SignedInAsync(await portal.TenantAsync(), MemberRole.Owner);
        using var forged = new HttpRequestMessage(HttpMethod.Post, "/api/stripe/payment-methods");
        forged.Headers.Add("Sec-Fetch-Site", "cross-site");

        await IdempotencyTests.AssertProblemAsync(await browser.SendAsync(forged), HttpStatusCode.Forbidden, "cross_site");
    }

    [Fact]
    public async Task Guessing_at_the_sign_in_is_slowed_down()
    {
        var browser = portal.Browser();
        HttpStatusCode status;
        var attempts = 0;
        do
        {
            var answer = await PortalHost.PostFormAsync(
                browser, "/sign-in", "sign-in", new() { ["Form.Email"] = "nobody@tests.example", ["Form.Password"] = "guess" });
            status = answer.StatusCode;
        }
        while (status is HttpStatusCode.OK && ++attempts < 25);

        Assert.Equal(HttpStatusCode.TooManyRequests, status);
    }
}
