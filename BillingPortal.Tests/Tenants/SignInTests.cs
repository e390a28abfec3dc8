using System.Net;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.Tenants;

/// <summary>Signing in and out over real HTTP.</summary>
public sealed class SignInTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Fact]
    public async Task A_stranger_is_sent_to_the_sign_in_and_comes_back_to_the_page_asked_for()
    {
        var answer = await portal.Browser().GetAsync("/account/security?tab=1");

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.EndsWith("/sign-in?returnUrl=%2Faccount%2Fsecurity%3Ftab%3D1", $"{answer.Headers.Location}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_right_password_opens_a_session()
    {
        var browser = await portal.SignedInAsync(await portal.TenantAsync(), MemberRole.Viewer);

        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/no-such-page")).StatusCode);
    }

    [Fact]
    public async Task Five_wrong_passwords_lock_the_sign_in_even_for_the_right_one()
    {
        var email = await portal.PersonAsync(await portal.TenantAsync(), MemberRole.Owner);
        for (var attempt = 0; attempt < 5; attempt++)
        {
            await SignInAsync(email, "wrong-password");
        }

        Assert.Contains("locked for ten minutes", await SignInAsync(email, PortalHost.Password), StringComparison.Ordinal);
    }

    private async Task<string> SignInAsync(string email, string password)
    {
        var answer = await PortalHost.PostFormAsync(
            portal.Browser(), "/sign-in", "sign-in", new() { ["Form.Email"] = email, ["Form.Password"] = password });
        return await answer.Content.ReadAsStringAsync();
    }
}
