using Microsoft.Playwright;

namespace BillingPortal.Tests.Support;

/// <summary>
/// One headless Chromium for the whole test run; every test opens a context (cookies, size, theme) of its own in it.
/// </summary>
internal static class Chromium
{
    private static readonly Lazy<Task<IBrowser>> Shared = new(LaunchAsync);

    // Debian's package first; PORTAL_CHROMIUM names another one.
    private static string ExecutablePath =>
        Environment.GetEnvironmentVariable("PORTAL_CHROMIUM")
        ?? new[] { "/usr/bin/chromium", "/usr/bin/chromium-browser",
        "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException(
            "The end-to-end tests need Chromium: apt-get install chromium fonts-liberation, or set PORTAL_CHROMIUM to its path.");

    public static Task<IBrowser> SharedAsync() => Shared.Value;

    private static async Task<IBrowser> LaunchAsync()
    {
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = ExecutablePath,
            // Root may not use Chromium's sandbox; /dev/shm is small in containers. Only pages of this build are ever
            // opened.
            Args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--font-render-hinting=none"],
        });
        AppDomain.CurrentDomain.ProcessExit += (_, _) => playwright.Dispose();
        return browser;
    }
}
