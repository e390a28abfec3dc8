using System.Net;
using BillingPortal.Data;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Tenants;

/// <summary>An authenticator's code that somebody has seen.</summary>
public sealed class TwoStepReuseTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Fact]
    public async Task A_code_that_was_used_opens_no_second_session()
    {
        var email = await portal.PersonAsync(await portal.TenantAsync(), MemberRole.Owner);
        string key;
        await using (var scope = portal.Services.CreateAsyncScope())
        {
            var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
            var user = (await users.FindByEmailAsync(email))!;
            await users.ResetAuthenticatorKeyAsync(user);
            await users.SetTwoFactorEnabledAsync(user, true);
            key = (await users.GetAuthenticatorKeyAsync(user))!;
        }

        var code = Totp.Now(key);
        var (own, foreign) = (portal.Browser(), portal.Browser());
        Assert.Equal(HttpStatusCode.Redirect, (await EnterAsync(own, email, code)).StatusCode);
        var refused = await EnterAsync(foreign, email, code);

        Assert.Equal(HttpStatusCode.OK, refused.StatusCode);
        Assert.Contains("was entered before", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await foreign.GetAsync("/account")).StatusCode);
    }

    private static async Task<HttpResponseMessage> EnterAsync(HttpClient browser, string email, string code)
    {
        await PortalHost.PostFormAsync(
            browser, "/sign-in", "sign-in", new() { ["Form.Email"] = email, ["Form.Password"] = PortalHost.Password });
        return await PortalHost.PostFormAsync(browser, "/sign-in/two-step", "two-step", new() { ["Form.Code"] = code });
    }
}
