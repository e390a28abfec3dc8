using System.Net;

namespace BillingPortal.Tests.Tenants.SingleSignOn;

/// <summary>A link on another site that would sign somebody in, as whomever that site's issuer says.</summary>
public sealed class SsoConsentTests(SsoPortal portal) : IClassFixture<SsoPortal>
{
    [Theory]
    [InlineData("cross-site")]
    [InlineData("same-site")]
    public async Task Another_sites_link_leads_to_our_page_that_asks_and_the_click_there_goes_on(string site)
    {
        var scene = await portal.SceneAsync();
        var start = $"/sign-in/sso/{scene.Tenant.Slug}?returnUrl=%2Ftransactions";
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = portal.Address };

        var asked = await AskAsync(browser, start, site);
        Assert.Equal($"/sign-in/sso?tenant={scene.Tenant.Slug}&returnUrl=%2Ftransactions", $"{asked.Headers.Location}");
        Assert.False(asked.Headers.Contains("Set-Cookie"));
        var page = await browser.GetStringAsync(asked.Headers.Location);
        Assert.Contains("Another website led you here", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http-equiv=\"refresh\"", page, StringComparison.Ordinal);

        var clicked = await AskAsync(browser, start, "same-origin");
        Assert.NotEqual(portal.Address.Authority, clicked.Headers.Location!.Authority);
    }

    [Fact]
    public async Task A_bookmark_goes_on_at_once()
    {
        var scene = await portal.SceneAsync();
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = portal.Address };

        var answer = await AskAsync(browser, $"/sign-in/sso/{scene.Tenant.Slug}", "none");

        Assert.NotEqual(portal.Address.Authority, answer.Headers.Location!.Authority);
    }

    private static async Task<HttpResponseMessage> AskAsync(HttpClient browser, string path, string site)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Sec-Fetch-Site", site);
        var answer = await browser.SendAsync(request);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return answer;
    }
}
