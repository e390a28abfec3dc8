using Microsoft.Playwright;

namespace BillingPortal.Benchmarks;

/// <summary>
/// One person's browser with many tabs, each a circuit of its own. All tabs share one renderer: what is measured is the portal, and a
/// renderer per tab would take the machine from it.
/// </summary>
internal sealed class TabHerd : IAsyncDisposable
{
    private const int OpenedAtOnce = 4;

    // Notes when the page became one that answers clicks; runs before the page's own scripts.
    private const string Watch =
        """
        new MutationObserver((_, watch) => {
          if (document.querySelector("[data-ready=yes]")) { window.circuitReadyAt = performance.now(); watch.disconnect(); }
        }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-ready"] });
        """;

    private const string Times =
        """
        () => { const load = performance.getEntriesByType("navigation")[0];
                return [load.responseStart - load.requestStart, window.circuitReadyAt]; }
        """;

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;
    private readonly List<IPage> _tabs = [];
    private IBrowserContext _person = null!;
    private IPage _measured = null!;

    private TabHerd(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    public static async Task<TabHerd> SignInAsync(Uri portal, string email, string password)
    {
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("PORTAL_CHROMIUM") ?? "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--renderer-process-limit=1", "--process-per-site"],
        });
        var herd = new TabHerd(playwright, browser);
        herd._person = await browser.NewContextAsync(
            new() { BaseURL = portal.ToString(), ViewportSize = new() { Width = 1280, Height = 800 } });
        await herd._person.AddInitScriptAsync(Watch);
        herd._measured = await herd._person.NewPageAsync();
        await herd._measured.GotoAsync("/sign-in");
        await herd._measured.GetByLabel("Email").FillAsync(email);
        await herd._measured.GetByLabel("Password").FillAsync(password);
        await herd._measured.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await herd._measured.Locator(".shell[data-ready=yes]").WaitForAsync();
        return herd;
    }

    /// <summary>Opens tabs on the address until there are so many, and waits until each has its circuit.</summary>
    public async Task OpenAsync(string address, int tabs)
    {
        using var turn = new SemaphoreSlim(OpenedAtOnce);
        await Task.WhenAll(Enumerable.Range(_tabs.Count, tabs - _tabs.Count).Select(async _ =>
        {
            await turn.WaitAsync();
            try
            {
                var tab = await _person.NewPageAsync();
                lock (_tabs)
                {
                    _tabs.Add(tab);
                }

                await tab.GotoAsync(address, new() { WaitUntil = WaitUntilState.Commit, Timeout = 120_000 });
                await tab.Locator("[data-ready=yes]").First.WaitForAsync(new() { Timeout = 120_000 });
            }
            finally
            {
                turn.Release();
            }
        }));
    }

    /// <summary>Closes all tabs as a person does: each page says goodbye to its circuit.</summary>
    public async Task CloseAsync()
    {
        foreach (var tab in _tabs)
        {
            await tab.GotoAsync("about:blank");
            await tab.CloseAsync();
        }

        _tabs.Clear();
        await _measured.GotoAsync("about:blank");
    }

    /// <summary>A whole load of the page, as after typing its address: milliseconds to the first byte and to the circuit.</summary>
    public async Task<(double FirstByte, double Ready)> LoadAsync(string address)
    {
        await _measured.GotoAsync(address, new() { WaitUntil = WaitUntilState.Commit, Timeout = 120_000 });
        await _measured.WaitForFunctionAsync("() => window.circuitReadyAt > 0", null, new() { Timeout = 120_000 });
        var times = await _measured.EvaluateAsync<double[]>(Times);
        return (times[0], times[1]);
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.CloseAsync();
        _playwright.Dispose();
    }
}
