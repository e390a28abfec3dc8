using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using BillingPortal.Tests.Wallet;
using Microsoft.Playwright;

namespace BillingPortal.Tests.EndToEnd;

public sealed class OverviewTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task A_new_tenant_is_told_what_will_be_here_and_the_one_next_step()
    {
        await using var browser = await portal.SignedInAsync();

        await browser.OpenAsync("/");

        await Expect(Available(browser)).ToHaveTextAsync("0 credits");
        await Expect(browser.Page.GetByText("Nothing has happened yet")).ToBeVisibleAsync();
        await Expect(browser.Page.GetByRole(AriaRole.Link, new() { Name = "Buy your first credits" })).ToBeVisibleAsync();
    }

    // 250 credits bought, 75 + 5 + 1 used: 169 are left, worth 169 × $0.028 = $4.73 at the price of the 100-credit package.
    [Fact]
    public async Task The_figures_on_the_page_are_those_of_the_books()
    {
        await using var browser = await portal.SignedInAsync();
        await SampleBooks.LittleAsync(portal.Portal.Connections, browser.Tenant.Id, Now);

        await browser.OpenAsync("/");

        await Expect(Available(browser)).ToHaveTextAsync("169 credits");
        await Expect(browser.Page.GetByText("about $4.73")).ToBeVisibleAsync();
        await Expect(browser.Page.GetByText("Low", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(browser.Page.GetByTestId("latest").GetByRole(AriaRole.Listitem)).ToHaveCountAsync(4);
        await Expect(browser.Page.GetByTestId("next-recharge")).ToContainTextAsync("Auto-recharge is off");
    }

    // A debit posted elsewhere while the page is open: the figures follow without a reload, and a screen reader hears of it.
    [Fact]
    public async Task The_page_follows_the_balance_by_itself()
    {
        await using var browser = await portal.SignedInAsync(MemberRole.Viewer);
        await SampleBooks.LittleAsync(portal.Portal.Connections, browser.Tenant.Id, Now);
        await browser.OpenAsync("/");
        await browser.Page.EvaluateAsync("() => { window.sameDocument = true; }");

        await DebitAsync(browser.Tenant.Id, 69);

        await Expect(Available(browser)).ToHaveTextAsync("100 credits");
        await Expect(browser.Page.GetByText("Warning", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(browser.Page.Locator("[aria-live=polite]").First).ToHaveTextAsync("Available now: 100 credits");
        Assert.True(await browser.Page.EvaluateAsync<bool>("() => window.sameDocument === true"));
    }

    [Fact]
    public async Task The_chart_can_be_read_as_a_table()
    {
        await using var browser = await portal.SignedInAsync();
        await SampleBooks.MuchAsync(portal.Portal.Connections, browser.Tenant.Id, Now);
        await browser.OpenAsync("/");

        await browser.Page.GetByText("Show as a table").ClickAsync();

        var table = browser.Page.GetByRole(AriaRole.Region, new() { Name = "Use by day, as a table" });
        await Expect(table.Locator("tbody tr")).ToHaveCountAsync(30);
        await Expect(browser.Page.GetByText("a day, the median of the last 14 days")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_viewer_sees_the_figures_and_no_way_to_pay()
    {
        await using var browser = await portal.SignedInAsync(MemberRole.Viewer);
        await SampleBooks.LittleAsync(portal.Portal.Connections, browser.Tenant.Id, Now);

        await browser.OpenAsync("/");

        await Expect(Available(browser)).ToHaveTextAsync("169 credits");
        await Expect(browser.Page.Locator("main").GetByRole(AriaRole.Link, new() { NameRegex = PayLink })).ToHaveCountAsync(0);
    }

    private static readonly System.Text.RegularExpressions.Regex PayLink = new("Buy|recharge|Top up");

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private static ILocator Available(PortalPage browser) => browser.Page.GetByTestId("available");

    private static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);

    private async Task DebitAsync(Guid tenantId, decimal credits)
    {
        var result = await portal.Service<LedgerWriter>().PostAsync(new Posting
        {
            TenantId = tenantId,
            Operation = LedgerOperation.Debit,
            Amount = Amount.Credits(credits),
            Kind = EntryKind.Usage,
            Counter = CounterAccount.VoiceRevenue,
            Key = Ids.New(),
            CauseType = "test",
            Service = "voice",
            OccurredAt = Now,
        });
        Assert.Equal(PostOutcome.Posted, result.Outcome);
    }
}
