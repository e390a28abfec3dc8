using BillingPortal.Kernel;
using BillingPortal.Tenants;
using BillingPortal.Tests.EndToEnd;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(BillingPortal.Tests.Support.PortalFixture.EndOfRun))]

namespace BillingPortal.Tests.Support;

/// <summary>
/// What a person has: a browser, the portal, the providers' sandbox that sends its webhooks there, a database. One of each for
/// all end-to-end tests of a run, started with the first; tests keep apart by tenant and by browser context.
/// </summary>
public class PortalFixture : IAsyncLifetime
{
    // What the security policy refuses is a fault of the page: PortalPage fails with what the console says.
    private const string TellOfRefusals = "addEventListener('securitypolicyviolation', refused => console.error("
        + "`refused by ${refused.effectiveDirective}: ${refused.blockedURI} ${refused.sourceFile} ${refused.sample}`))";

    private static readonly Lazy<Task<Running>> Shared = new(StartAsync);
    private Running _running = null!;

    public PortalHost Portal => _running.Portal;

    public SandboxFixture Sandbox => _running.Sandbox;

    public async ValueTask InitializeAsync() => _running = await RunningAsync();

    public async ValueTask DisposeAsync()
    {
        await StopAsync(_running);
        GC.SuppressFinalize(this);
    }

    public T Service<T>()
        where T : notnull => Portal.Services.GetRequiredService<T>();

    /// <summary>A new tenant and a browser in which a member with that role is signed in.</summary>
    public async Task<PortalPage> SignedInAsync(
        MemberRole role = MemberRole.BillingAdmin, Unit plan = Unit.Credits, string name = "Acme Voice", Look? look = null)
    {
        var tenant = await Portal.TenantAsync(plan, name);
        return await SignedInAsync(tenant, role, look);
    }

    /// <summary>A browser in which a new member of the tenant is signed in; it has no page open yet.</summary>
    public async Task<PortalPage> SignedInAsync(Tenant tenant, MemberRole role, Look? look = null)
    {
        var page = await StrangerAsync(look);
        page.Tenant = tenant;
        await page.TakeSessionAsync(await Portal.PersonAsync(tenant, role));
        return page;
    }

    /// <summary>A browser in which a new member of the staff with that role is signed in; it has no page open yet.</summary>
    public async Task<PortalPage> StaffAsync(StaffRole role, string name = "Ann Lee", Look? look = null)
    {
        var email = $"{Ids.New():N}@portal.example";
        await Portal.TenantService.AddStaffAsync(new NewPerson(email, name, PortalHost.Password), role);
        var page = await StrangerAsync(look);
        await page.TakeSessionAsync(email);
        return page;
    }

    /// <summary>A browser without a session.</summary>
    public async Task<PortalPage> StrangerAsync(Look? look = null)
    {
        look ??= new Look();
        var context = await _running.Browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = Portal.Address.ToString(),
            ViewportSize = new ViewportSize { Width = look.Width, Height = look.Height },
            ColorScheme = look.IsDark ? ColorScheme.Dark : ColorScheme.Light,
            ReducedMotion = ReducedMotion.Reduce,
            Locale = "en-GB",
            TimezoneId = "Europe/Berlin",
        });
        await context.AddInitScriptAsync(TellOfRefusals);
        return new PortalPage(context, await context.NewPageAsync(), Portal.Address);
    }

    /// <summary>What this fixture's tests use; a fixture that moves the clock starts one of its own.</summary>
    protected virtual Task<Running> RunningAsync() => Shared.Value;

    // Others may still use what is shared; EndOfRun stops it.
    protected virtual ValueTask StopAsync(Running running) => ValueTask.CompletedTask;

    protected static async Task<Running> StartAsync()
    {
        var browser = Chromium.SharedAsync();
        var sandbox = new SandboxFixture();
        await sandbox.StartAsync();
        var portal = new WithSandbox(sandbox);
        await portal.InitializeAsync();
        portal.Services.GetRequiredService<IOptions<AppOptions>>().Value.PublicUrl = portal.Address; // known only now
        await sandbox.SendWebhooksToAsync(portal.Address, resend: true);
        return new Running(portal, sandbox, await browser);
    }

    /// <summary>Stops the portal, the sandbox and the browser after the last test, if any test had them started.</summary>
    public sealed class EndOfRun : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            if (Shared.IsValueCreated)
            {
                var running = await Shared.Value;
                await running.Browser.CloseAsync();
                await running.Portal.DisposeAsync();
                await running.Sandbox.DisposeAsync();
            }
        }
    }

    protected sealed record Running(PortalHost Portal, SandboxFixture Sandbox, IBrowser Browser);

    private sealed class WithSandbox(SandboxFixture sandbox) : PortalHost
    {
        protected override IEnumerable<KeyValuePair<string, string>> Settings =>
            [
                new("Sandbox:Url", sandbox.BaseUri.ToString()), new("Logging:LogLevel:Default", "Warning"),
                new("TenantWebhooks:AllowedNetworks:0", "127.0.0.0/8"),
            ];
    }
}

/// <summary>How large and how light a browser is.</summary>
public sealed record Look(int Width = 1440, int Height = 1000, bool IsDark = false)
{
    public static readonly Look Phone = new(390, 844);
}
