using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using BillingPortal.Tests.Wallet;
using Microsoft.Playwright;

namespace BillingPortal.Tests.EndToEnd;

public sealed class TransactionsTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task Each_entry_stands_with_the_balance_before_and_after_it()
    {
        await using var browser = await LittleAsync();

        await browser.OpenAsync("/transactions");

        var rows = browser.Page.Locator(".transaction-table tbody tr");
        await Expect(rows).ToHaveCountAsync(4);
        await Expect(rows.Nth(2).Locator("td").Nth(2)).ToHaveTextAsync("250");
        await Expect(rows.Nth(2).Locator("td").Nth(3)).ToHaveTextAsync("−75 credits");
        await Expect(rows.Nth(2).Locator("td").Nth(4)).ToHaveTextAsync("175");
        await Expect(browser.Page.GetByTestId("totals")).ToContainTextAsync("81 credits");
    }

    [Fact]
    public async Task A_filter_stands_in_the_address_and_changes_the_sums()
    {
        await using var browser = await LittleAsync();
        await browser.OpenAsync("/transactions");

        await browser.Page.GetByLabel("Service").SelectOptionAsync("sms_outbound");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Show", Exact = true }).ClickAsync();

        await browser.AtAsync("/transactions\\?service=sms_outbound$");
        await Expect(browser.Page.Locator(".transaction-table tbody tr")).ToHaveCountAsync(1);
        await Expect(browser.Page.GetByTestId("totals")).ToContainTextAsync("−5 credits");
        await browser.Page.GetByRole(AriaRole.Link, new() { Name = "Clear" }).ClickAsync();
        await Expect(browser.Page.Locator(".transaction-table tbody tr")).ToHaveCountAsync(4);
    }

    [Fact]
    public async Task Pages_go_back_and_forth_by_cursor()
    {
        await using var browser = await portal.SignedInAsync();
        await SampleBooks.MuchAsync(portal.Portal.Connections, browser.Tenant.Id, Now);
        await browser.OpenAsync("/transactions");
        var first = await FirstEntryAsync(browser);

        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Older" }).ClickAsync();
        await browser.AtAsync("cursor=");
        await browser.WaitForReadyAsync();
        Assert.NotEqual(first, await FirstEntryAsync(browser));

        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Newer" }).ClickAsync();
        await browser.AtAsync("/transactions(?!.*cursor)");
        await browser.WaitForReadyAsync();
        Assert.Equal(first, await FirstEntryAsync(browser));
    }

    [Fact]
    public async Task The_file_holds_what_the_filter_shows()
    {
        await using var browser = await LittleAsync();
        await browser.OpenAsync("/transactions?kind=usage");

        var download = await browser.Page.RunAndWaitForDownloadAsync(
            () => browser.Page.GetByRole(AriaRole.Link, new() { Name = "CSV" }).ClickAsync());

        using var reader = new StreamReader(await download.CreateReadStreamAsync());
        var lines = (await reader.ReadToEndAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("transactions-credits.csv", download.SuggestedFilename);
        Assert.Equal(4, lines.Length);
        Assert.Contains(",-75,credits,250,175,CA7f2c41,", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_filter_that_cannot_be_read_says_how_to_write_it()
    {
        await using var browser = await LittleAsync();

        await browser.OpenAsync("/transactions?cursor=forged");

        await Expect(browser.Page.GetByText("This filter cannot be read")).ToBeVisibleAsync();
        await Expect(browser.Page.GetByText("Start again without it")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_filter_without_a_match_says_so_and_a_new_tenant_is_told_what_will_be_here()
    {
        await using var browser = await LittleAsync();
        await browser.OpenAsync("/transactions?reference=nowhere");
        await Expect(browser.Page.GetByText("Nothing matches this filter.")).ToBeVisibleAsync();

        await using var newcomer = await portal.SignedInAsync(MemberRole.Viewer);
        await newcomer.OpenAsync("/transactions");
        await Expect(newcomer.Page.GetByText("No transactions yet")).ToBeVisibleAsync();
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);

    private static async Task<string> FirstEntryAsync(PortalPage browser) =>
        await browser.Page.Locator(".transaction-table tbody tr .reference").First.InnerTextAsync();

    private async Task<PortalPage> LittleAsync()
    {
        var browser = await portal.SignedInAsync();
        await SampleBooks.LittleAsync(portal.Portal.Connections, browser.Tenant.Id, Now);
        return browser;
    }
}
