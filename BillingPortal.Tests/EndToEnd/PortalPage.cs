using System.Text.Json;
using System.Text.RegularExpressions;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using Microsoft.Playwright;

namespace BillingPortal.Tests.EndToEnd;

/// <summary>
/// One person's browser. It waits for what the page says of itself (its circuit is up, nothing is loading), never for time. What
/// went wrong inside the browser fails the test when it is closed.
/// </summary>
public sealed class PortalPage : IAsyncDisposable
{
    private const float PatienceMilliseconds = 30_000;
    private const int HeightMax = 4_000;

    // Evaluated rather than added as a tag: the pages' security policy rightly refuses foreign scripts.
    private static readonly Lazy<string> Axe = new(() =>
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "EndToEnd", "axe", "axe.min.js")));

    private readonly IBrowserContext _context;
    private readonly List<string> _errors = [];
    private readonly Uri _address;

    public PortalPage(IBrowserContext context, IPage page, Uri address)
    {
        (_context, Page, _address) = (context, page, address);
        page.SetDefaultTimeout(PatienceMilliseconds);
        Assertions.SetDefaultExpectTimeout(PatienceMilliseconds);
        page.PageError += (_, error) => _errors.Add($"{page.Url}: {error}");
        page.Console += (_, message) =>
        {
            // A refused request is the page's to show; everything else that the browser complains about is a fault.
            if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
            {
                _errors.Add($"{page.Url}: {message.Text}");
            }
        };
    }

    public IPage Page { get; }

    /// <summary>The tenant of the person who is signed in.</summary>
    public Tenant Tenant { get; set; } = null!;

    /// <summary>Through the sign-in page, as a person does it.</summary>
    public async Task SignInAsync(string email, string password = PortalHost.Password)
    {
        await Page.GotoAsync("/sign-in");
        await Page.GetByLabel("Email").FillAsync(email);
        await Page.GetByLabel("Password").FillAsync(password);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await AtAsync("^(?!.*/sign-in)");
        await WaitForReadyAsync();
    }

    /// <summary>
    /// The address matches the pattern, sooner or later. Pages change it without a load: asking repeatedly cannot miss the moment.
    /// </summary>
    public Task AtAsync(string pattern) =>
        Assertions.Expect(Page).ToHaveURLAsync(new Regex(pattern), new() { Timeout = 30_000 });

    /// <summary>The session that the sign-in page would give, without looking at it.</summary>
    public async Task TakeSessionAsync(string email, string password = PortalHost.Password)
    {
        var cookies = new System.Net.CookieContainer();
        using var browser = new HttpClient(new HttpClientHandler { CookieContainer = cookies, AllowAutoRedirect = false })
        {
            BaseAddress = _address,
        };
        var answer = await PortalHost.PostFormAsync(
            browser, "/sign-in", "sign-in", new() { ["Form.Email"] = email, ["Form.Password"] = password });
        Assert.Equal(System.Net.HttpStatusCode.Redirect, answer.StatusCode);
        await _context.AddCookiesAsync(cookies.GetCookies(_address).Select(cookie => new Cookie
        {
            Name = cookie.Name,
            Value = cookie.Value,
            Domain = _address.Host,
            Path = cookie.Path,
            HttpOnly = cookie.HttpOnly,
        }));
    }

    /// <summary>Opens the address and waits until it is ready for a click.</summary>
    public async Task OpenAsync(string path)
    {
        await Page.GotoAsync(path);
        await WaitForReadyAsync();
    }

    /// <summary>The circuit is up (a click before that is lost) and nothing is loading any more.</summary>
    public async Task WaitForReadyAsync()
    {
        await Page.Locator("[data-ready=yes]").First.WaitForAsync();
        await Page.Locator("main .skeleton").First.WaitForAsync(new() { State = WaitForSelectorState.Detached });
    }

    /// <summary>Fails with what axe finds serious or critical, by rule and place.</summary>
    public async Task AssertAccessibleAsync()
    {
        if (await Page.EvaluateAsync<bool>("() => typeof axe === 'undefined'"))
        {
            await Page.EvaluateAsync(Axe.Value);
        }

        var json = await Page.EvaluateAsync<string>(
            "async () => JSON.stringify((await axe.run(document, { resultTypes: ['violations'] })).violations)");
        var findings = JsonDocument.Parse(json).RootElement.EnumerateArray()
            .Where(rule => rule.GetProperty("impact").GetString() is "serious" or "critical")
            .SelectMany(rule => rule.GetProperty("nodes").EnumerateArray().Select(node =>
                $"{rule.GetProperty("id").GetString()}: {node.GetProperty("html").GetString()} "
                + node.GetProperty("failureSummary").GetString()))
            .ToList();
        Assert.True(findings.Count == 0, $"axe on {Page.Url}:\n{string.Join("\n", findings)}");
    }

    /// <summary>Nothing is wider than the window.</summary>
    public async Task AssertFitsAsync()
    {
        var overflow = await Page.EvaluateAsync<int>(
            "() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(overflow <= 0, $"{Page.Url} is {overflow} px wider than the window of {Page.ViewportSize!.Width} px.");
    }

    /// <summary>Changes size and theme in place.</summary>
    public async Task LookAsync(Look look)
    {
        await Page.SetViewportSizeAsync(look.Width, look.Height);
        await Page.EmulateMediaAsync(new()
        {
            ColorScheme = look.IsDark ? ColorScheme.Dark : ColorScheme.Light,
            ReducedMotion = ReducedMotion.Reduce,
        });
        await Page.Locator($"html[data-theme={(look.IsDark ? "dark" : "light")}]").WaitForAsync();
        // The shortest of transitions still shows the old colour until the second frame.
        await Page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))");
    }

    /// <summary>
    /// A picture under <c>out/screenshots</c>, in a window as high as the page: what sticks to its edges then stands there.
    /// </summary>
    public async Task ShootAsync(string name)
    {
        await Page.EvaluateAsync("() => document.fonts.ready.then(() => true)");
        var (width, height) = (Page.ViewportSize!.Width, Page.ViewportSize.Height);
        var full = await Page.EvaluateAsync<int>("() => document.documentElement.scrollHeight");
        await Page.SetViewportSizeAsync(width, Math.Clamp(full, height, HeightMax));
        await Page.ScreenshotAsync(new() { Path = Path.Combine(Pictures.Folder, $"{name}.png") });
        await Page.SetViewportSizeAsync(width, height);
    }

    /// <summary>Large and small, light and dark: a picture each, nothing too wide, nothing serious for axe.</summary>
    public async Task ExamineAsync(string name)
    {
        foreach (var (suffix, look) in new[]
        {
            ("1440-light", new Look()), ("1440-dark", new Look(IsDark: true)), ("390-dark", Look.Phone with { IsDark = true }),
            ("390-light", Look.Phone),
        })
        {
            await LookAsync(look);
            await ShootAsync($"{name}-{suffix}");
            await AssertFitsAsync();
            await AssertAccessibleAsync();
        }

        await LookAsync(new Look());
    }

    public async ValueTask DisposeAsync()
    {
        // The last thing seen, for who has to find out why a test failed: at this point nobody knows yet whether it has.
        var last = $"{TestContext.Current.TestMethod?.MethodName}-{TestContext.Current.Test?.UniqueID[..6]}.png";
        await Page.ScreenshotAsync(new() { Path = Path.Combine(Pictures.Folder, "last", last) });
        await _context.CloseAsync();
        Assert.True(_errors.Count == 0, $"The browser reported:\n{string.Join("\n", _errors)}");
    }
}
