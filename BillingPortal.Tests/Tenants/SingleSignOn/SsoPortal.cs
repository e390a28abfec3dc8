using System.Net;
using System.Text.Json.Nodes;
using BillingPortal.Audit;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using BillingPortal.Tenants.SingleSignOn;
using BillingPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BillingPortal.Tests.Tenants.SingleSignOn;

/// <summary>A portal with a small issuer beside it, and what a test does with the two.</summary>
public sealed class SsoPortal : PortalHost, IAsyncLifetime
{
    private Actor _lead = null!;

    public SmallIssuer Issuer { get; private set; } = null!;

    public new async ValueTask InitializeAsync()
    {
        Issuer = await SmallIssuer.StartAsync();
        await base.InitializeAsync();
        Services.GetRequiredService<IOptions<AppOptions>>().Value.PublicUrl = Address;
        var lead = await TenantService.AddStaffAsync(new NewPerson($"{Ids.New():N}@portal.example", "Lea Lead", Password), StaffRole.Lead);
        _lead = new Actor(ActorKind.Staff, lead, "Lea Lead (support lead)");
    }

    public new async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Issuer.DisposeAsync();
    }

    /// <summary>A tenant with an owner and a connection to the issuer for a domain of its own.</summary>
    public async Task<SsoScene> SceneAsync(Action<SsoWish>? change = null, bool isConfirmed = true)
    {
        Issuer.Bend = null;
        (Issuer.Refuses, Issuer.IsDown, Issuer.UserInfo) = (null, false, []);
        var tenant = await TenantAsync();
        var domain = $"{Ids.New().ToString("N")[16..]}.example";
        var owner = await MemberAsync(tenant, $"owner@{domain}", MemberRole.Owner);
        var scene = new SsoScene(tenant, domain, new Actor(ActorKind.Person, owner, "Olga Owner (owner)"));
        var wish = new SsoWish
        {
            Issuer = Issuer.Issuer,
            ClientId = SmallIssuer.ClientId,
            ClientSecret = SmallIssuer.ClientSecret,
            Domains = domain,
        };
        change?.Invoke(wish);
        Assert.Equal(SsoOutcome.Done, (await Services.GetRequiredService<SsoService>().SaveAsync(tenant.Id, scene.Owner, wish)).Outcome);
        if (isConfirmed)
        {
            Assert.Equal(SsoOutcome.Done, await ConfirmAsync(tenant, domain));
        }

        return scene;
    }

    public Task<SsoOutcome> ConfirmAsync(Tenant tenant, string domain) =>
        Services.GetRequiredService<SsoDomainService>().ConfirmAsync(tenant.Id, domain, _lead);

    public Task<SsoOutcome> WithdrawAsync(Tenant tenant, string domain) =>
        Services.GetRequiredService<SsoDomainService>().WithdrawAsync(tenant.Id, domain, _lead);

    public Task<Guid> MemberAsync(Tenant tenant, string email, MemberRole role) =>
        TenantService.AddMemberAsync(tenant.Id, new NewPerson(email, "Ada Lovelace", Password), role);

    /// <summary>What the issuer says of whoever signs in next.</summary>
    public JsonObject Says(string email, bool? isVerified = true, string? subject = null, params string[] groups)
    {
        var person = new JsonObject { ["sub"] = subject ?? email, ["email"] = email, ["name"] = "Ada Lovelace" };
        if (isVerified is { } verified)
        {
            person["email_verified"] = verified;
        }

        if (groups.Length > 0)
        {
            person["groups"] = new JsonArray([.. groups.Select(group => JsonValue.Create(group))]);
        }

        Issuer.Person = person;
        return person;
    }

    /// <summary>Goes to the issuer and comes back, up to the portal's last answer.</summary>
    public async Task<SsoWalk> WalkAsync(string slug, CookieClient? browser = null, string? returnUrl = null)
    {
        browser ??= new CookieClient(Address);
        var query = returnUrl is null ? "" : $"?returnUrl={Uri.EscapeDataString(returnUrl)}";
        var start = await browser.GetAsync($"/sign-in/sso/{slug}{query}");
        if (start.Headers.Location is not { IsAbsoluteUri: true } away)
        {
            return new SsoWalk(browser, null, start.Headers.Location?.ToString() ?? $"{(int)start.StatusCode}");
        }

        using var issuer = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        var back = (await issuer.GetAsync(away)).Headers.Location ?? throw new InvalidOperationException($"The issuer refused {away}");
        var end = await browser.GetAsync(back.ToString());
        return new SsoWalk(browser, back, end.Headers.Location?.ToString() ?? $"{(int)end.StatusCode}");
    }

    public async Task<IReadOnlyList<Membership>> MembershipsAsync(string email)
    {
        var user = await UserAsync(email);
        return user is null ? [] : await Services.GetRequiredService<TenantReader>().MembershipsAsync(user.Id);
    }

    public async Task<User?> UserAsync(string email)
    {
        await using var unit = await Services.GetRequiredService<Database>().BeginOpsAsync();
        return await unit.Db.Set<User>().AsNoTracking().SingleOrDefaultAsync(user => user.Email == email);
    }

    public async Task<IReadOnlyList<AuditLine>> LinesAsync(Tenant tenant)
    {
        await using var unit = await Services.GetRequiredService<Database>().BeginOpsAsync();
        return await unit.Db.Set<AuditLine>().Where(line => line.TenantId == tenant.Id).OrderBy(line => line.Id).ToListAsync();
    }
}

/// <summary>A tenant with a connection.</summary>
public sealed record SsoScene(Tenant Tenant, string Domain, Actor Owner)
{
    public string Email(string name = "ada") => $"{name}@{Domain}";
}

/// <summary>What came of a walk to the issuer: the address it sent back to, and where the portal led in the end.</summary>
public sealed record SsoWalk(CookieClient Browser, Uri? Back, string End)
{
    public bool IsIn => End is "/";
}

/// <summary>A browser: cookies, no redirects followed.</summary>
public sealed class CookieClient(Uri address) : HttpClient(
    new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }, disposeHandler: true)
{
    public new Task<HttpResponseMessage> GetAsync(string path) => base.GetAsync(new Uri(address, path));

    /// <summary>What is answered there: a status, or where it leads.</summary>
    public async Task<string> AskAsync(string path)
    {
        using var answer = await GetAsync(path);
        return answer.Headers.Location is { } location ? location.ToString() : $"{(int)answer.StatusCode}";
    }
}
