using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using BillingPortal.Tenants.SingleSignOn;
using BillingPortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Tenants.SingleSignOn;

/// <summary>What a session by single sign-on is good for, and what a password still opens beside it.</summary>
public sealed class SsoSessionTests(SsoPortal portal) : IClassFixture<SsoPortal>
{
    // Acme's issuer says that somebody is Bea, who belongs to Bolt as well: it opens Acme and nothing of Bea's own.
    [Fact]
    public async Task It_opens_its_own_tenant_and_nothing_of_the_persons_own()
    {
        var scene = await portal.SceneAsync(wish => wish.LetsPeopleJoin = true);
        var bolt = await portal.TenantAsync(name: "Aaa first by name");
        var userId = await portal.MemberAsync(bolt, scene.Email("bea"), MemberRole.Owner);
        portal.Says(scene.Email("bea"));

        var walk = await portal.WalkAsync(scene.Tenant.Slug);

        Assert.True(walk.IsIn);
        foreach (var own in (string[])
            ["/account", "/account/security", "/account/security/two-step", "/account/tenant", "/account/sessions"])
        {
            Assert.Equal("403", await walk.Browser.AskAsync(own));
        }

        Assert.Equal("/", await walk.Browser.AskAsync("/account/renew")); // written anew, and no wider for it
        Assert.Equal("403", await walk.Browser.AskAsync("/account"));
        Assert.Equal("403", await walk.Browser.AskAsync("/team/single-sign-on")); // a viewer here, whatever Bea is at Bolt
        Assert.Equal("403", await walk.Browser.AskAsync("/staff"));

        var user = (await portal.UserAsync(scene.Email("bea")))!;
        Assert.Equal(userId, user.Id);
        await using var scope = portal.Services.CreateAsyncScope();
        var sessions = scope.ServiceProvider.GetRequiredService<SessionFactory>();
        var session = await sessions.CreateForOneAsync(user, scene.Tenant.Id);
        Assert.Equal((scene.Tenant.Id, MemberRole.Viewer), (TenantOf(session), SessionClaims.RoleOf(session)!.Value));
        Assert.Equal(scene.Tenant.Id, TenantOf(await sessions.AgainAsync(user, session))); // every renewal

        await RunAsync("DELETE FROM members WHERE tenant_id = $1 AND user_id = $2", scene.Tenant.Id, userId);
        var later = await sessions.AgainAsync(user, session);
        Assert.Equal((null, null), (TenantOf(later), SessionClaims.RoleOf(later))); // and not Bolt instead
    }

    [Fact]
    public async Task None_of_the_staff_comes_in_by_it_whatever_an_issuer_says()
    {
        var scene = await portal.SceneAsync(wish => wish.LetsPeopleJoin = true);
        var staff = await portal.TenantService.AddStaffAsync(
            new NewPerson(scene.Email("agent"), "Ann Lee", PortalHost.Password), StaffRole.Lead);
        portal.Says(scene.Email("agent"));
        Assert.Equal($"/sign-in?sso={SsoTexts.CodeOf(SsoRefusal.Staff)}", (await portal.WalkAsync(scene.Tenant.Slug)).End);

        // Who became staff afterwards has a session for nothing.
        portal.Says(scene.Email("later"));
        Assert.True((await portal.WalkAsync(scene.Tenant.Slug)).IsIn);
        var user = (await portal.UserAsync(scene.Email("later")))!;
        await RunAsync("INSERT INTO staff_members (user_id, role, created_at) VALUES ($1, 'lead', now())", user.Id);
        await using var scope = portal.Services.CreateAsyncScope();
        var session = await scope.ServiceProvider.GetRequiredService<SessionFactory>().CreateForOneAsync(user, scene.Tenant.Id);
        Assert.Equal((null, null), (TenantOf(session), SessionClaims.StaffRoleOf(session)));
        Assert.NotEqual(staff, user.Id);
    }

    [Fact]
    public async Task Only_single_sign_on_closes_passwords_to_all_but_owners()
    {
        var scene = await portal.SceneAsync(wish => wish.IsRequired = true);
        await portal.MemberAsync(scene.Tenant, scene.Email(), MemberRole.BillingAdmin);
        Assert.Equal($"/sign-in/sso/{scene.Tenant.Slug}", await HomeAsync(scene.Email()));
        Assert.Equal("/", await HomeAsync($"owner@{scene.Domain}"));
        using (var password = await portal.SignedInAsync(scene.Email()))
        {
            Assert.Equal(System.Net.HttpStatusCode.Forbidden, (await password.GetAsync("/transactions")).StatusCode);
        }

        // Of two tenants the other one opens; going over to this one leads to its issuer.
        var bolt = await portal.TenantAsync(name: "Zzz last by name");
        await portal.TenantService.AddMemberAsync(bolt.Id, new NewPerson(scene.Email(), "Ada", PortalHost.Password), MemberRole.Viewer);
        Assert.Equal("/", await HomeAsync(scene.Email()));
        using var both = await portal.SignedInAsync(scene.Email());
        var choice = await PortalHost.PostFormAsync(both, "/account/tenant", "tenant", new() { ["TenantId"] = $"{scene.Tenant.Id}" });
        Assert.EndsWith($"/sign-in/sso/{scene.Tenant.Slug}", choice.Headers.Location!.ToString(), StringComparison.Ordinal);

        portal.Says(scene.Email());
        Assert.True((await portal.WalkAsync(scene.Tenant.Slug)).IsIn);
    }

    [Fact]
    public async Task Removing_the_connection_ends_its_sessions()
    {
        var scene = await portal.SceneAsync(wish => wish.LetsPeopleJoin = true);
        portal.Says(scene.Email());
        Assert.True((await portal.WalkAsync(scene.Tenant.Slug)).IsIn);
        var user = (await portal.UserAsync(scene.Email()))!;
        await using var scope = portal.Services.CreateAsyncScope();
        var sessions = scope.ServiceProvider.GetRequiredService<SessionFactory>();
        var session = await sessions.CreateForOneAsync(user, scene.Tenant.Id);

        var service = portal.Services.GetRequiredService<SsoService>();
        Assert.Equal(SsoOutcome.Done, (await service.RemoveAsync(scene.Tenant.Id, scene.Owner)).Outcome);

        Assert.Null(TenantOf(await sessions.AgainAsync(user, session)));
        Assert.Equal(scene.Tenant.Id, TenantOf(await sessions.CreateAsync(user, scene.Tenant.Id))); // with a password of one's own
    }

    private async Task<string> HomeAsync(string email)
    {
        using var browser = portal.Browser();
        var answer = await PortalHost.PostFormAsync(
            browser, "/sign-in", "sign-in", new() { ["Form.Email"] = email, ["Form.Password"] = PortalHost.Password });
        return new Uri(portal.Address, answer.Headers.Location!).AbsolutePath;
    }

    private async Task RunAsync(string sql, params object[] parameters)
    {
        await using var unit = await portal.Services.GetRequiredService<Database>().BeginOpsAsync();
        await using var command = unit.Command(sql, parameters);
        await command.ExecuteNonQueryAsync();
        await unit.CommitAsync();
    }

    private static Guid? TenantOf(System.Security.Claims.ClaimsPrincipal session) => SessionClaims.GuidOf(session, SessionClaims.TenantId);
}
