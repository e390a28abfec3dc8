using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using BillingPortal.Audit;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using BillingPortal.Tenants.ApiTokens;
using BillingPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;

namespace BillingPortal.Tests.Tenants;

/// <summary>Programs with tokens of a configured issuer, over HTTP.</summary>
public sealed class ApiTokenTests(ApiTokenTests.TokenPortal portal) : IClassFixture<ApiTokenTests.TokenPortal>
{
    private const string Audience = "https://portal.example/api";

    [Theory]
    [InlineData("portal/read", true, false, false)]
    [InlineData("portal/usage", false, true, false)]
    [InlineData("openid portal/billing email", false, false, true)]
    [InlineData("read usage billing", false, false, false)]
    [InlineData("portal/reading portal/Read", false, false, false)]
    [InlineData("", false, false, false)]
    public async Task A_token_may_what_its_scopes_say_and_nothing_more(string scope, bool reads, bool uses, bool pays)
    {
        var tenant = await portal.TenantAsync();
        using var program = portal.Bearer(Token(tenant.Slug, scope));

        Assert.Equal(reads, (await program.GetAsync("/api/credits")).StatusCode is HttpStatusCode.OK);
        Assert.Equal(uses, await IsLetInAsync(program, "/api/usage"));
        Assert.Equal(pays, await IsLetInAsync(program, "/api/credits/auto-recharge"));
        Assert.Equal(HttpStatusCode.Forbidden, (await program.GetAsync("/api-keys")).StatusCode);
    }

    [Fact]
    public async Task The_tenant_is_named_by_id_or_short_name_and_scopes_may_be_a_list()
    {
        var (tenant, other) = (await portal.TenantAsync(), await portal.TenantAsync(Unit.Usd));
        using var byId = portal.Bearer(Token($"{tenant.Id}", new JsonArray("portal/read")));
        using var bySlug = portal.Bearer(Token(other.Slug, new JsonArray("portal/read")));

        Assert.Equal("credits", (string?)(await byId.GetFromJsonAsync<JsonObject>("/api/credits"))!["unit"]);
        Assert.Equal("usd", (string?)(await bySlug.GetFromJsonAsync<JsonObject>("/api/credits"))!["unit"]);
    }

    [Fact]
    public async Task Every_bad_token_and_every_bad_key_gets_the_same_answer()
    {
        var tenant = await portal.TenantAsync();
        var good = Token(tenant.Slug);
        var stranger = IssuerKey.Rsa(portal.Issuer.Key.Id);
        string[] bad =
        [
            "bp_live_unknown",
            good[..^9] + "AAAAAAAAA",
            portal.Issuer.Token(Audience, Claims(tenant.Slug), stranger),
            portal.Issuer.Token("somebody-else", Claims(tenant.Slug)),
            portal.Issuer.Token(Audience, Claims("no-such-tenant")),
            portal.Issuer.Token(Audience, Claims($"{Ids.New()}")),
            portal.Issuer.Token(Audience, new() { ["scope"] = "portal/read" }),
            portal.Issuer.Token(Audience, new() { ["scope"] = "portal/read", ["tenant"] = new JsonArray(tenant.Slug) }),
            Token(tenant.Slug, more: new() { ["exp"] = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - 3600 }),
            good + new string('A', 9_000),
        ];
        var answers = new HashSet<string>();
        foreach (var text in bad)
        {
            using var program = portal.Bearer(text);
            var answer = await program.GetAsync("/api/credits");
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            var body = (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
            body.Remove("traceId");
            answers.Add(body.ToJsonString());
        }

        Assert.Single(answers);
        using var known = portal.Bearer(good);
        Assert.Equal(HttpStatusCode.OK, (await known.GetAsync("/api/credits")).StatusCode);
    }

    [Fact]
    public async Task Keys_and_cron_secrets_work_beside_tokens_even_when_they_look_like_one()
    {
        var tenant = await portal.TenantAsync();
        using var key = await portal.ProgramAsync(tenant, ApiScopes.Read);
        using var cron = portal.Bearer(TokenPortal.Cron);

        Assert.Equal(HttpStatusCode.OK, (await key.GetAsync("/api/credits")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await cron.GetAsync("/api/cron/auto-recharge-check")).StatusCode);
    }

    [Fact]
    public async Task Every_token_of_one_subject_draws_on_one_budget_and_another_subject_has_its_own()
    {
        var tenant = await portal.TenantAsync();
        Assert.Equal(5_999, await LeftAsync(Token(tenant.Slug, more: new() { ["sub"] = "counted" })));
        Assert.Equal(5_998, await LeftAsync(Token(tenant.Slug, more: new() { ["sub"] = "counted", ["jti"] = "2" })));
        Assert.Equal(5_999, await LeftAsync(Token(tenant.Slug, more: new() { ["sub"] = "another" })));
    }

    [Fact]
    public async Task What_a_token_changes_stands_in_the_audit_log_under_its_subject()
    {
        var tenant = await portal.TenantAsync();
        var actors = new List<(Guid?, string)>();
        foreach (var jti in (string[])["1", "2"])
        {
            var current = new CurrentTenant();
            var known = await portal.Services.GetRequiredService<ApiTokenReader>()
                .RecogniseAsync(Token(tenant.Slug, more: new() { ["jti"] = jti }), default);
            current.Enter(new(new System.Security.Claims.ClaimsIdentity(
                [.. SessionClaims.OfTenant(known!.Tenant), .. SessionClaims.OfToken(known)], "Bearer")));
            await using var unit = await portal.Services.GetRequiredService<Database>().BeginAsync(tenant.Id);
            var record = new AuditRecord(tenant.Id, current.Actor, "test.changed", "test", jti, "Changed.");
            new AuditLog(TimeProvider.System).Record(unit, record);
            await unit.CommitAsync();
        }

        await using var read = await portal.Services.GetRequiredService<Database>().BeginOpsAsync();
        var lines = read.Db.Set<AuditLine>().Where(line => line.TenantId == tenant.Id && line.Action == "test.changed");
        foreach (var line in await lines.ToListAsync())
        {
            Assert.Equal((ActorKind.ApiKey, "API token of robot-1"), (line.ActorKind, line.ActorName));
            actors.Add((line.ActorId, line.ActorName));
        }

        Assert.Single(actors.Distinct());
    }

    [Theory]
    [InlineData("", "aud", null, null)]
    [InlineData("https://issuer.example", "", null, "Api:Jwt:Audience is not set")]
    [InlineData("", "aud", "https://issuer.example/keys", "Api:Jwt:Issuer is not set")]
    [InlineData("http://issuer.example", "aud", null, "Api:Jwt:Issuer must be an https address.")]
    [InlineData("http://127.0.0.1:9000", "aud", null, null)]
    [InlineData("https://issuer.example", "aud", "http://issuer.example/keys", "Api:Jwt:JwksUri must be an https address.")]
    [InlineData("urn:issuer", "aud", "https://issuer.example/keys", null)]
    [InlineData("issuer", "aud", null, "Api:Jwt:Issuer must be an address")]
    public void A_wrong_setting_stops_the_start_and_is_named(string issuer, string audience, string? jwks, string? expected)
    {
        var options = new ApiJwtOptions { Issuer = issuer, Audience = issuer.Length == 0 && jwks is null ? "" : audience };
        options.JwksUri = jwks is null ? null : new Uri(jwks);

        var production = new HostingEnvironment { EnvironmentName = Environments.Production };
        var result = new ApiJwtOptionsValidator(production).Validate(null, options);

        Assert.Equal(expected is null, result.Succeeded);
        Assert.StartsWith(expected ?? "", result.FailureMessage ?? "", StringComparison.Ordinal);
    }

    private async Task<int> LeftAsync(string token)
    {
        using var program = portal.Bearer(token);
        using var answer = await program.GetAsync("/api/credits");
        var left = answer.Headers.GetValues("RateLimit").Single().Split("r=")[1].Split(';')[0];
        return int.Parse(left, System.Globalization.CultureInfo.InvariantCulture);
    }

    private static async Task<bool> IsLetInAsync(HttpClient program, string path)
    {
        using var answer = await program.PostAsJsonAsync(path, new { });
        return answer.StatusCode is not HttpStatusCode.Forbidden and not HttpStatusCode.Unauthorized;
    }

    private static JsonObject Claims(string tenant) => new() { ["tenant"] = tenant, ["scope"] = "portal/read" };

    private string Token(string tenant, JsonNode? scope = null, JsonObject? more = null)
    {
        var claims = new JsonObject { ["tenant"] = tenant, ["scope"] = scope ?? "portal/read" };
        foreach (var (name, value) in more ?? [])
        {
            claims[name] = value?.DeepClone();
        }

        return portal.Issuer.Token(Audience, claims);
    }

    /// <summary>A portal that takes tokens of a small issuer.</summary>
    public sealed class TokenPortal : PortalHost, IAsyncLifetime
    {
        public const string Cron = "eyJjcm9u.with.dots";

        public SmallIssuer Issuer { get; private set; } = null!;

        protected override IEnumerable<KeyValuePair<string, string>> Settings =>
        [
            new("Api:Jwt:Issuer", Issuer.Issuer), new("Api:Jwt:Audience", Audience), new("Api:Jwt:ScopePrefix", "portal/"),
            new("Cron:Secret", Cron),
        ];

        public new async ValueTask InitializeAsync()
        {
            Issuer = await SmallIssuer.StartAsync();
            await base.InitializeAsync();
        }

        public new async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            await Issuer.DisposeAsync();
        }
    }
}
