using BillingPortal.Data;
using BillingPortal.Tenants;
using BillingPortal.Tenants.SingleSignOn;
using BillingPortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace BillingPortal.Tests.Tenants.SingleSignOn;

/// <summary>The connection in its owners' hands, and domains in a lead's.</summary>
public sealed class SsoServiceTests(SsoPortal portal) : IClassFixture<SsoPortal>
{
    private SsoService Service => portal.Services.GetRequiredService<SsoService>();

    private SsoReader Reader => portal.Services.GetRequiredService<SsoReader>();

    [Fact]
    public async Task A_domain_is_confirmed_for_one_tenant_and_keeps_that_through_changes()
    {
        var (first, second) = (await portal.SceneAsync(), await portal.SceneAsync(isConfirmed: false));
        var both = SsoWish.Of(await Reader.BoardAsync(second.Tenant.Id));
        both.Domains = $"{second.Domain}\n{first.Domain.ToUpperInvariant()}";
        Assert.Equal(SsoOutcome.Done, (await Service.SaveAsync(second.Tenant.Id, second.Owner, both)).Outcome);

        Assert.Equal(SsoOutcome.TakenByAnother, await portal.ConfirmAsync(second.Tenant, first.Domain));
        Assert.Equal(first.Tenant.Slug, (await Reader.ByDomainAsync(first.Domain))!.Slug);
        Assert.Null(await Reader.ByDomainAsync(second.Domain)); // nobody has confirmed it

        var same = SsoWish.Of(await Reader.BoardAsync(first.Tenant.Id));
        same.LetsPeopleJoin = true;
        Assert.Equal(SsoOutcome.Done, (await Service.SaveAsync(first.Tenant.Id, first.Owner, same)).Outcome);
        Assert.NotNull(await Reader.ByDomainAsync(first.Domain));
        Assert.Equal(SsoOutcome.Done, await portal.WithdrawAsync(first.Tenant, first.Domain));
        Assert.Equal(SsoOutcome.Done, await portal.ConfirmAsync(second.Tenant, first.Domain));
        Assert.Equal(SsoOutcome.NotThere, await portal.ConfirmAsync(second.Tenant, "nobody.example"));
        var notLead = portal.Services.GetRequiredService<SsoDomainService>();
        Assert.Equal(SsoOutcome.NotAllowed, await notLead.ConfirmAsync(second.Tenant.Id, second.Domain, second.Owner));
    }

    // Two tenants name one domain, and two leads confirm at the same moment: it becomes one tenant's.
    [Fact]
    public async Task Racing_to_confirm_a_domain_one_tenant_wins()
    {
        var scenes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => portal.SceneAsync(isConfirmed: false)));
        foreach (var scene in scenes)
        {
            var wish = SsoWish.Of(await Reader.BoardAsync(scene.Tenant.Id));
            wish.Domains = scenes[0].Domain;
            Assert.Equal(SsoOutcome.Done, (await Service.SaveAsync(scene.Tenant.Id, scene.Owner, wish)).Outcome);
        }

        var outcomes = await Task.WhenAll(scenes.Select(scene => portal.ConfirmAsync(scene.Tenant, scenes[0].Domain)));

        Assert.Single(outcomes, outcome => outcome is SsoOutcome.Done);
        Assert.Equal(3, outcomes.Count(outcome => outcome is SsoOutcome.TakenByAnother));
    }

    [Fact]
    public async Task The_secret_is_stored_encrypted_and_stands_in_no_audit_line()
    {
        var scene = await portal.SceneAsync();
        var stored = (await Reader.BoardAsync(scene.Tenant.Id)).Connection!;
        Assert.DoesNotContain(SmallIssuer.ClientSecret, stored.ClientSecretProtected, StringComparison.Ordinal);
        Assert.Equal(SmallIssuer.ClientSecret, Service.SecretOf(stored));
        var lines = await portal.LinesAsync(scene.Tenant);
        Assert.Contains("sso.saved", lines.Select(line => line.Action));
        Assert.Contains("sso.domain_confirmed", lines.Select(line => line.Action));
        Assert.All(lines, line => Assert.DoesNotContain("s3cret", $"{line.Summary}{line.Before}{line.After}", StringComparison.Ordinal));
        Assert.DoesNotContain("s3cret", new SsoWish { ClientSecret = SmallIssuer.ClientSecret }.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Owners_alone_change_it_and_a_tenants_own_role_writes_nothing()
    {
        var scene = await portal.SceneAsync();
        var admin = await portal.MemberAsync(scene.Tenant, scene.Email("admin"), MemberRole.BillingAdmin);
        var actor = scene.Owner with { Id = admin };
        var wish = SsoWish.Of(await Reader.BoardAsync(scene.Tenant.Id));
        Assert.Equal(SsoOutcome.NotAllowed, (await Service.SaveAsync(scene.Tenant.Id, actor, wish)).Outcome);
        Assert.Equal(SsoOutcome.NotAllowed, (await Service.RemoveAsync(scene.Tenant.Id, actor)).Outcome);
        Assert.Equal(SsoOutcome.NotAllowed, (await Service.ForgetAsync(scene.Tenant.Id, actor, admin)).Outcome);

        foreach (var sql in (string[])
        [
            "UPDATE sso_connections SET issuer = 'x'", "UPDATE sso_domains SET confirmed_at = now()", "SELECT 1 FROM sso_identities",
            "SELECT 1 FROM sso_used_states",
        ])
        {
            await using var unit = await portal.Services.GetRequiredService<Database>().BeginAsync(scene.Tenant.Id);
            await using var command = unit.Command(sql);
            var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
            Assert.Equal("42501", refused.SqlState);
        }
    }

    [Fact]
    public void A_wish_is_judged_field_by_field()
    {
        var good = new SsoWish { Issuer = "https://login.example.com/realm", ClientId = "c", Domains = "example.com, example.org" };
        Assert.True(Judge(good).IsEmpty);
        foreach (var issuer in new[]
        {
            "", "login.example.com", "http://login.example.com", "http://127.0.0.1:9", "https://u:p@login.example.com",
            "https://login.example.com?x=1", "https://login.example.com#x", "https://login.example.com/.well-known/openid-configuration",
        })
        {
            Assert.NotNull(Judge(good with { Issuer = issuer }).Issuer);
        }

        Assert.NotNull(Judge(good with { ClientId = " " }).ClientId);
        foreach (var domains in (string[])["", "example", "exa mple.com x", "gmail.com", "@", "a@b.example", "-x.example", "éxample.com"])
        {
            Assert.NotNull(Judge(good with { Domains = domains }).Domains);
        }

        Assert.NotNull(Judge(good with { RoleRules = "a = viewer" }).RoleClaim);
        foreach (var rules in (string[])["a", "a = owner", "= viewer", "a = b"])
        {
            Assert.NotNull(Judge(good with { RoleClaim = "groups", RoleRules = rules }).RoleRules);
        }

        // Another issuer does not get the secret that was entered for this one.
        var stored = new SsoConnection
        {
            TenantId = default,
            Issuer = "https://old.example.com",
            ClientId = "c",
            ClientSecretProtected = "x",
            CreatedAt = default,
            UpdatedAt = default,
        };
        Assert.NotNull(SsoWishPolicy.Judge(good, stored, mayBePrivate: false).ClientSecret);
        Assert.Null(SsoWishPolicy.Judge(good with { Issuer = stored.Issuer }, stored, mayBePrivate: false).ClientSecret);
        Assert.Null(SsoWishPolicy.Judge(good with { Issuer = "http://127.0.0.1:9" }, null, mayBePrivate: true).Issuer);

        static SsoFaults Judge(SsoWish wish) => SsoWishPolicy.Judge(wish, null, mayBePrivate: false);
    }

    [Fact]
    public async Task A_test_says_in_words_what_is_right_and_what_is_wrong()
    {
        await portal.SceneAsync();
        var probe = portal.Services.GetRequiredService<SsoProbe>();
        var good = await probe.ProbeAsync(portal.Issuer.Issuer);
        Assert.All(good, finding => Assert.True(finding.IsGood, finding.Text));
        var slash = Assert.Single(await probe.ProbeAsync(portal.Issuer.Issuer + "/"));
        Assert.Contains("a slash at the end", slash.Text, StringComparison.Ordinal);
        var path = Assert.Single(await probe.ProbeAsync(portal.Issuer.Issuer + "/realm"));
        Assert.Contains("answers 404", path.Text, StringComparison.Ordinal);
        Assert.False(Assert.Single(await probe.ProbeAsync("http://127.0.0.1:9")).IsGood);
        Assert.False(Assert.Single(await probe.ProbeAsync("nonsense")).IsGood);
    }
}
