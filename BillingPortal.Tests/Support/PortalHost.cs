using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Support;

/// <summary>
/// The whole portal on a real port over a database of its own: what a browser or a program would talk to. Settings
/// given to the constructor override the sandbox's.
/// </summary>
public partial class PortalHost : IAsyncLifetime
{
    public const string Password = "sandbox-Passw0rd";

    private Factory? _factory;

    public ConnectionStrings Connections { get; private set; } = null!;

    public Uri Address => _factory!.ClientOptions.BaseAddress;

    public IServiceProvider Services => _factory!.Services;

    public TenantService TenantService => Services.GetRequiredService<TenantService>();

    /// <summary>What it has logged, at Production's levels.</summary>
    public TestLog Log { get; } = new();

    /// <summary>More settings than the usual ones.</summary>
    protected virtual IEnumerable<KeyValuePair<string, string>> Settings => [];

    protected virtual string EnvironmentName => "Development";

    /// <summary>A new one, unless this is another node of a portal that has one.</summary>
    protected virtual Task<ConnectionStrings> DatabaseAsync() => TestPostgres.CreateDatabaseAsync();

    /// <summary>Replaces services before the portal starts.</summary>
    protected virtual void Configure(IServiceCollection services)
    {
    }

    public async ValueTask InitializeAsync()
    {
        Connections = await DatabaseAsync();
        _factory = new Factory(this);
        _factory.UseKestrel(0);
        _factory.StartServer();
    }

    public async ValueTask DisposeAsync()
    {
        await _factory!.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>A tenant of its own for one test.</summary>
    public Task<Tenant> TenantAsync(Unit plan = Unit.Credits, string? name = null)
    {
        var slug = $"t{Ids.New():N}"[..20] + Ids.New().ToString("N")[^8..];
        return TenantService.CreateAsync(new NewTenant(slug, name ?? "Test tenant", plan));
    }

    /// <summary>A person with that role, by a new email address.</summary>
    public async Task<string> PersonAsync(Tenant tenant, MemberRole role)
    {
        var email = $"{Ids.New():N}@tests.example";
        await TenantService.AddMemberAsync(tenant.Id, new NewPerson(email, "Test Person", Password), role);
        return email;
    }

    /// <summary>A client that keeps cookies and does not follow redirects.</summary>
    public HttpClient Browser() => new(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = Address };

    /// <summary>A browser with that person's session.</summary>
    public async Task<HttpClient> SignedInAsync(string email, string password = Password)
    {
        var browser = Browser();
        var answer = await PostFormAsync(browser, "/sign-in", "sign-in", new() { ["Form.Email"] = email, ["Form.Password"] = password });
        Assert.True((int)answer.StatusCode == 302, $"Sign-in answered {(int)answer.StatusCode}.");
        return browser;
    }

    public async Task<HttpClient> SignedInAsync(Tenant tenant, MemberRole role) =>
        await SignedInAsync(await PersonAsync(tenant, role));

    /// <summary>A program with a new API key of the tenant.</summary>
    public async Task<HttpClient> ProgramAsync(Tenant tenant, ApiScopes scopes = ApiScopes.All)
    {
        var key = await TenantService.CreateApiKeyAsync(tenant.Id, "test", scopes);
        return Bearer(key.Text);
    }

    public HttpClient Bearer(string token)
    {
        var client = Browser();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>Loads a page's form for its antiforgery token and sends it, as a browser would.</summary>
    public static async Task<HttpResponseMessage> PostFormAsync(
        HttpClient browser, string page, string form, Dictionary<string, string> fields, string? action = null)
    {
        var html = await browser.GetStringAsync(page);
        var token = Token().Match(html);
        Assert.True(token.Success, $"{page} has no antiforgery token.");
        fields["__RequestVerificationToken"] = System.Net.WebUtility.HtmlDecode(token.Groups[1].Value);
        fields["_handler"] = form;
        return await browser.PostAsync(action ?? page, new FormUrlEncodedContent(fields));
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();

    private sealed class Factory(PortalHost host) : WebApplicationFactory<Program>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseEnvironment(host.EnvironmentName);
            builder.UseSetting("ConnectionStrings:BillingPortal", host.Connections.Owner);
            builder.UseSetting("Demo:Seed", "false");

            // Without a sandbox of its own a portal under test stays on the machine's clock.
            var hasSandbox = host.Settings.Any(setting => setting.Key == "Sandbox:Url");
            builder.UseSetting("Sandbox:FollowsClock", hasSandbox ? "true" : "false");
            foreach (var (name, value) in host.Settings)
            {
                builder.UseSetting(name, value);
            }

            builder.ConfigureLogging(logging => TestLog.AddTo(logging, host.Log));
            builder.ConfigureTestServices(host.Configure);
        }
    }
}
