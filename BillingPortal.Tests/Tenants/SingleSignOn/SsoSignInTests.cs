using System.Text.Json.Nodes;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using BillingPortal.Tenants.SingleSignOn;
using BillingPortal.Tenants.Team;
using BillingPortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Tenants.SingleSignOn;

/// <summary>The code flow over HTTP against a real issuer: who comes in, who does not, and that a refusal changes nothing.</summary>
public sealed class SsoSignInTests(SsoPortal portal) : IClassFixture<SsoPortal>
{
    [Fact]
    public async Task A_member_comes_in_and_back_to_the_page_that_was_wanted()
    {
        var scene = await portal.SceneAsync();
        await portal.MemberAsync(scene.Tenant, scene.Email(), MemberRole.Viewer);
        portal.Says(scene.Email());

        var walk = await portal.WalkAsync(scene.Tenant.Slug, returnUrl: "/transactions");

        Assert.Equal("/transactions", walk.End);
        Assert.Equal("200", await walk.Browser.AskAsync("/transactions"));
        Assert.Equal(MemberRole.Viewer, Assert.Single(await portal.MembershipsAsync(scene.Email())).Role);
        Assert.Contains("sso.linked", (await portal.LinesAsync(scene.Tenant)).Select(line => line.Action));
        var elsewhere = await portal.WalkAsync(scene.Tenant.Slug, returnUrl: "https://evil.example/");
        Assert.True(elsewhere.IsIn);
    }

    [Fact]
    public async Task Once_known_the_subject_counts_whatever_becomes_of_the_address()
    {
        var scene = await portal.SceneAsync();
        await portal.MemberAsync(scene.Tenant, scene.Email(), MemberRole.Viewer);
        portal.Says(scene.Email(), subject: "s-1");
        Assert.True((await portal.WalkAsync(scene.Tenant.Slug)).IsIn);

        portal.Says("renamed@elsewhere.example", isVerified: false, subject: "s-1");
        Assert.True((await portal.WalkAsync(scene.Tenant.Slug)).IsIn);
        portal.Says(scene.Email(), subject: "s-2"); // somebody new with the old address
        await AssertRefusedAsync(scene, SsoRefusal.Taken);

        var service = portal.Services.GetRequiredService<SsoService>();
        var user = (await portal.UserAsync(scene.Email()))!;
        Assert.Equal(SsoOutcome.Done, (await service.ForgetAsync(scene.Tenant.Id, scene.Owner, user.Id)).Outcome);
        Assert.True((await portal.WalkAsync(scene.Tenant.Slug)).IsIn);
    }

    [Fact]
    public async Task A_state_opens_nothing_a_second_time_nor_in_another_browser_nor_made_up()
    {
        var scene = await portal.SceneAsync();
        await portal.MemberAsync(scene.Tenant, scene.Email(), MemberRole.Viewer);
        portal.Says(scene.Email());
        var walk = await portal.WalkAsync(scene.Tenant.Slug);
        Assert.True(walk.IsIn);

        Assert.Equal(At(SsoRefusal.Lost), await walk.Browser.AskAsync(walk.Back!.ToString())); // replayed
        Assert.Equal(At(SsoRefusal.Lost), await new CookieClient(portal.Address).AskAsync(walk.Back.ToString()));
        using var junk = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, walk.Back);
        request.Headers.Add("Cookie", "billing_sso=junk");
        Assert.Equal(At(SsoRefusal.Lost), (await junk.SendAsync(request)).Headers.Location!.ToString());
        var browser = new CookieClient(portal.Address);
        await browser.GetAsync($"/sign-in/sso/{scene.Tenant.Slug}");
        Assert.Equal(At(SsoRefusal.Lost), await browser.AskAsync($"/sign-in/sso/callback/{scene.Tenant.Slug}?code=x&state=made-up"));
    }

    // The cookie is put back as a thief who copied it would: the state is used up on the server as well.
    [Fact]
    public async Task A_copied_cookie_opens_nothing_after_its_state_was_used()
    {
        var scene = await portal.SceneAsync();
        await portal.MemberAsync(scene.Tenant, scene.Email(), MemberRole.Viewer);
        portal.Says(scene.Email());
        var browser = portal.Browser();
        var start = await browser.GetAsync($"/sign-in/sso/{scene.Tenant.Slug}");
        var cookie = start.Headers.GetValues("Set-Cookie").Single(one => one.StartsWith("billing_sso", StringComparison.Ordinal));
        string[] parts = ["httponly", "samesite=lax", "path=/sign-in/sso"];
        Assert.All(parts, part => Assert.Contains(part, cookie, StringComparison.OrdinalIgnoreCase));
        using var issuer = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        var back = (await issuer.GetAsync(start.Headers.Location)).Headers.Location!;

        Assert.Equal("/", await WithCookieAsync());
        Assert.Equal(At(SsoRefusal.Lost), await WithCookieAsync());

        async Task<string> WithCookieAsync()
        {
            using var thief = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false });
            using var request = new HttpRequestMessage(HttpMethod.Get, back);
            request.Headers.Add("Cookie", cookie.Split(';')[0]);
            return (await thief.SendAsync(request)).Headers.Location!.ToString();
        }
    }

    [Fact]
    public async Task An_answer_for_one_tenant_is_worth_nothing_at_anothers_address()
    {
        var (mine, other) = (await portal.SceneAsync(), await portal.SceneAsync());
        await portal.MemberAsync(other.Tenant, other.Email(), MemberRole.Viewer);
        portal.Says(other.Email());
        var browser = new CookieClient(portal.Address);
        var away = (await browser.GetAsync($"/sign-in/sso/{mine.Tenant.Slug}")).Headers.Location!;
        using var issuer = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        var back = (await issuer.GetAsync(away)).Headers.Location!.ToString();

        var bent = back.Replace(mine.Tenant.Slug, other.Tenant.Slug, StringComparison.Ordinal);

        Assert.Equal(At(SsoRefusal.Lost), await browser.AskAsync(bent));
        var named = new CookieClient(portal.Address);
        away = (await named.GetAsync($"/sign-in/sso/{other.Tenant.Slug}")).Headers.Location!;
        back = (await issuer.GetAsync(away)).Headers.Location!.ToString();
        Assert.Equal(At(SsoRefusal.BadAnswer), await named.AskAsync(back + "&iss=https%3A%2F%2Fevil.example")); // RFC 9207
    }

    [Fact]
    public async Task What_the_issuer_bends_is_not_believed()
    {
        var scene = await portal.SceneAsync();
        await portal.MemberAsync(scene.Tenant, scene.Email(), MemberRole.Viewer);
        portal.Says(scene.Email());
        Action<JsonObject>[] bent =
        [
            claims => claims["nonce"] = "another",
            claims => claims.Remove("nonce"),
            claims => claims["aud"] = "another-client",
            claims => claims["aud"] = new JsonArray(SmallIssuer.ClientId, "another-client"),
            claims => claims["azp"] = "another-client",
            claims => claims["iss"] = "https://evil.example",
            claims => claims["exp"] = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - 120,
            claims => claims.Remove("iat"),
            claims => claims.Remove("sub"),
        ];
        foreach (var bend in bent)
        {
            portal.Issuer.Bend = bend;
            await AssertRefusedAsync(scene, SsoRefusal.BadAnswer);
        }

        portal.Issuer.Bend = claims => (claims["aud"], claims["azp"]) = (new JsonArray(SmallIssuer.ClientId, "x"), SmallIssuer.ClientId);
        Assert.True((await portal.WalkAsync(scene.Tenant.Slug)).IsIn);
    }

    [Fact]
    public async Task A_wrong_secret_a_refusal_and_a_silent_issuer_lead_back_with_a_sentence()
    {
        var scene = await portal.SceneAsync();
        portal.Says(scene.Email());
        portal.Issuer.Refuses = "access_denied";
        await AssertRefusedAsync(scene, SsoRefusal.Denied);
        var wrong = await portal.SceneAsync(wish => wish.ClientSecret = "wrong");
        portal.Says(wrong.Email());
        await AssertRefusedAsync(wrong, SsoRefusal.BadAnswer);
        var down = await portal.SceneAsync(wish => wish.Issuer = "http://127.0.0.1:9");
        await AssertRefusedAsync(down, SsoRefusal.IssuerDown);
        Assert.Equal(At(SsoRefusal.NoConnection), await new CookieClient(portal.Address).AskAsync("/sign-in/sso/nobody-of-that-name"));

        var page = System.Net.WebUtility.HtmlDecode(await portal.Browser().GetStringAsync(At(SsoRefusal.Denied)));
        Assert.Contains(SsoTexts.Of(SsoRefusal.Denied), page, StringComparison.Ordinal);
        Assert.Null(SsoTexts.OfCode("evil"));
    }

    [Fact]
    public async Task An_address_that_is_foreign_or_not_vouched_for_makes_nobody()
    {
        var scene = await portal.SceneAsync(wish => wish.LetsPeopleJoin = true);
        portal.Says(scene.Email(), isVerified: false);
        await AssertRefusedAsync(scene, SsoRefusal.Unverified);
        portal.Says(scene.Email(), isVerified: null);
        await AssertRefusedAsync(scene, SsoRefusal.Unverified);
        portal.Issuer.Person = new() { ["sub"] = "nobody" };
        await AssertRefusedAsync(scene, SsoRefusal.Unverified);
        foreach (var address in new[]
        {
            "ada@elsewhere.example", $"ada@sub.{scene.Domain}", $"ada@x{scene.Domain}", $"ada@{scene.Domain}.evil.example",
        })
        {
            portal.Says(address);
            await AssertRefusedAsync(scene, SsoRefusal.ForeignDomain);
        }

        foreach (var address in (string[])
            [$"a b@{scene.Domain}", $"ada@evil.example@{scene.Domain}", $"\u0430da@{scene.Domain}", $"@{scene.Domain}"])
        {
            portal.Says(address);
            Assert.NotEqual("/", (await portal.WalkAsync(scene.Tenant.Slug)).End);
            Assert.Null(await portal.UserAsync(address));
        }
    }

    [Fact]
    public async Task New_people_join_only_where_the_tenant_lets_them_and_a_lead_has_confirmed_the_domain()
    {
        var closed = await portal.SceneAsync();
        portal.Says(closed.Email());
        await AssertRefusedAsync(closed, SsoRefusal.NotMember);

        var open = await portal.SceneAsync(wish => wish.LetsPeopleJoin = true, isConfirmed: false);
        portal.Says(open.Email());
        await AssertRefusedAsync(open, SsoRefusal.NotMember);
        Assert.Equal(SsoOutcome.Done, await portal.ConfirmAsync(open.Tenant, open.Domain));
        Assert.True((await portal.WalkAsync(open.Tenant.Slug)).IsIn);
        Assert.Equal(MemberRole.Viewer, Assert.Single(await portal.MembershipsAsync(open.Email())).Role);
        Assert.Contains("member.joined", (await portal.LinesAsync(open.Tenant)).Select(line => line.Action));
        Assert.Null((await portal.UserAsync(open.Email()))!.PasswordHash);
    }

    // One person in four browsers at once, never seen before: one member comes of it.
    [Fact]
    public async Task Racing_for_the_first_sign_in_makes_one_person()
    {
        var scene = await portal.SceneAsync(wish => wish.LetsPeopleJoin = true);
        portal.Says(scene.Email());

        var walks = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => portal.WalkAsync(scene.Tenant.Slug)));

        Assert.All(walks, walk => Assert.True(walk.IsIn, walk.End));
        Assert.Single(await portal.MembershipsAsync(scene.Email()));
        Assert.Single(await portal.LinesAsync(scene.Tenant), line => line.Action == "member.joined");
    }

    [Fact]
    public async Task Who_was_removed_does_not_come_back_by_signing_in()
    {
        var scene = await portal.SceneAsync(wish => wish.LetsPeopleJoin = true);
        portal.Says(scene.Email());
        var walk = await portal.WalkAsync(scene.Tenant.Slug);
        Assert.True(walk.IsIn);
        await using (var unit = await portal.Services.GetRequiredService<BillingPortal.Data.Database>().BeginOpsAsync())
        {
            var user = (await portal.UserAsync(scene.Email()))!;
            await using var remove = unit.Command("DELETE FROM members WHERE user_id = $1", user.Id);
            await remove.ExecuteNonQueryAsync();
            await unit.CommitAsync();
        }

        Assert.Equal(At(SsoRefusal.NotMember), (await portal.WalkAsync(scene.Tenant.Slug)).End);
    }

    [Fact]
    public async Task Who_was_removed_does_not_join_by_a_first_sign_in_either()
    {
        var scene = await portal.SceneAsync(wish => wish.LetsPeopleJoin = true);
        var person = await portal.MemberAsync(scene.Tenant, scene.Email(), MemberRole.Viewer);
        await portal.Services.GetRequiredService<TeamService>().RemoveAsync(scene.Tenant.Id, scene.Owner, person);
        portal.Says(scene.Email());

        Assert.Equal(At(SsoRefusal.NotMember), (await portal.WalkAsync(scene.Tenant.Slug)).End);
        Assert.Empty(await portal.MembershipsAsync(scene.Email()));
    }

    // Another site may send a browser through an issuer of its own.
    [Fact]
    public async Task A_browser_with_somebody_elses_session_keeps_it()
    {
        var scene = await portal.SceneAsync(wish => wish.LetsPeopleJoin = true);
        portal.Says(scene.Email());
        var walk = await portal.WalkAsync(scene.Tenant.Slug);
        Assert.True(walk.IsIn, walk.End);
        portal.Says(scene.Email("somebody.else"));

        Assert.Equal(At(SsoRefusal.SomebodyElse), (await portal.WalkAsync(scene.Tenant.Slug, walk.Browser)).End);
    }

    [Fact]
    public async Task Roles_follow_the_claim_at_each_sign_in_and_owners_stay_owners()
    {
        var scene = await portal.SceneAsync(wish => (wish.LetsPeopleJoin, wish.RoleClaim, wish.RoleRules) =
            (true, "groups", "finance = Billing admin\nall staff = viewer"));
        await JoinAsync(MemberRole.BillingAdmin, "finance", "all staff");
        await JoinAsync(MemberRole.Viewer, "all staff");
        await JoinAsync(MemberRole.BillingAdmin, "finance");
        await JoinAsync(MemberRole.Viewer, "Finance"); // another word
        var changes = (await portal.LinesAsync(scene.Tenant)).Where(line => line.Action == "member.role_changed").ToList();
        Assert.Equal(3, changes.Count);
        Assert.Contains("Billing admin", changes[0].Before, StringComparison.Ordinal);

        portal.Says($"owner@{scene.Domain}", groups: "all staff");
        Assert.True((await portal.WalkAsync(scene.Tenant.Slug)).IsIn);
        Assert.Equal(MemberRole.Owner, Assert.Single(await portal.MembershipsAsync($"owner@{scene.Domain}")).Role);

        async Task JoinAsync(MemberRole expected, params string[] groups)
        {
            portal.Says(scene.Email(), groups: groups);
            Assert.True((await portal.WalkAsync(scene.Tenant.Slug)).IsIn);
            Assert.Equal(expected, Assert.Single(await portal.MembershipsAsync(scene.Email())).Role);
        }
    }

    [Fact]
    public async Task An_address_that_stands_at_the_user_info_alone_is_read_there()
    {
        var scene = await portal.SceneAsync();
        await portal.MemberAsync(scene.Tenant, scene.Email(), MemberRole.Viewer);
        portal.Issuer.Person = new() { ["sub"] = "thin" };
        portal.Issuer.UserInfo = new() { ["sub"] = "another", ["email"] = scene.Email(), ["email_verified"] = true };
        await AssertRefusedAsync(scene, SsoRefusal.Unverified);
        portal.Issuer.UserInfo = new() { ["sub"] = "thin", ["email"] = scene.Email(), ["email_verified"] = true };
        Assert.True((await portal.WalkAsync(scene.Tenant.Slug)).IsIn);
    }

    private static string At(SsoRefusal refusal) => $"/sign-in?sso={SsoTexts.CodeOf(refusal)}";

    // Nothing changed: no member, no identity, no line of the audit log more than before.
    private async Task AssertRefusedAsync(SsoScene scene, object expected)
    {
        var before = await CountAsync();
        var walk = await portal.WalkAsync(scene.Tenant.Slug);
        Assert.Equal(At((SsoRefusal)expected), walk.End);
        Assert.StartsWith("http", await walk.Browser.AskAsync("/transactions"), StringComparison.Ordinal); // to the sign-in
        Assert.Equal(before, await CountAsync());
    }

    private async Task<long> CountAsync()
    {
        await using var unit = await portal.Services.GetRequiredService<BillingPortal.Data.Database>().BeginOpsAsync();
        await using var count = unit.Command(
            "SELECT (SELECT count(*) FROM users) + (SELECT count(*) FROM members) + (SELECT count(*) FROM sso_identities) "
            + "+ (SELECT count(*) FROM audit_log)");
        return (long)(await count.ExecuteScalarAsync())!;
    }
}
