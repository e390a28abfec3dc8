using BillingPortal.Tests.Support;
using Microsoft.Playwright;

namespace BillingPortal.Benchmarks;

/// <summary>A signed-in person's Chromium with an open circuit, which measures inside the page.</summary>
internal sealed class PortalBrowser : IAsyncDisposable
{
    // Ends with the change that puts the page's own text in the place of its skeleton; no polling, no round trip to this process.
    private const string Go =
        """
        ([address, shows, ready]) => new Promise((done, fail) => {
          const main = document.getElementById("main"), started = performance.now();
          const watch = new MutationObserver(() => {
            const at = location.pathname + location.search;
            if (at.startsWith(address) && !main.querySelector(ready) && main.textContent.includes(shows)) {
              watch.disconnect(); clearTimeout(patience); done(performance.now() - started);
            }
          });
          const patience = setTimeout(() => {
            watch.disconnect(); fail(new Error(`${address} does not show "${shows}": ${main.textContent.trim().slice(0, 400)}`));
          }, 30000);
          watch.observe(main, { subtree: true, childList: true, characterData: true });
          Blazor.navigateTo(address);
        })
        """;

    private readonly IPage _page;

    private PortalBrowser(IPage page) => _page = page;

    public static async Task<PortalBrowser> SignInAsync(Uri portal, string email, string password)
    {
        var chromium = await Chromium.SharedAsync();
        var page = await chromium.NewPageAsync(new() { BaseURL = portal.ToString(), ViewportSize = new() { Width = 1440, Height = 900 } });
        await page.GotoAsync("/sign-in");
        await page.GetByLabel("Email").FillAsync(email);
        await page.GetByLabel("Password").FillAsync(password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await page.Locator("[data-ready=yes]").First.WaitForAsync();
        await page.Locator(".navigation, nav").First.WaitForAsync();
        return new PortalBrowser(page);
    }

    /// <summary>Milliseconds from the click to the page with its data.</summary>
    public Task<double> GoAsync(DeskPageAddress page) =>
        _page.EvaluateAsync<double>(Go, new[] { page.Address, page.Shows, page.HasEmptyParts ? ".never" : ".skeleton" });

    public async ValueTask DisposeAsync() => await _page.Context.CloseAsync();
}
