using BillingPortal.Analytics;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using BillingPortal.Tests.Usage;
using BillingPortal.Usage;
using Microsoft.Playwright;

namespace BillingPortal.Tests.EndToEnd;

/// <summary>Usage and spend as a person works with it: choose, look behind a figure, take it along as a file, be warned.</summary>
public sealed class UsagePageTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    // 4 minutes by Ann (100), 2 by Bob (50), 10 messages without an agent (50).
    [Fact]
    public async Task Spend_is_grouped_by_a_tag_and_tied_to_the_books()
    {
        await using var browser = await UsedAsync();
        await browser.OpenAsync("/analytics");
        await Expect(browser.Page.GetByTestId("spent")).ToHaveTextAsync("200 credits");
        await browser.ExamineAsync("analytics-service");

        await browser.Page.GetByLabel("Grouped by").SelectOptionAsync("tag:agent");
        await browser.Page.GetByLabel("Period").SelectOptionAsync("7");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Show", Exact = true }).ClickAsync();
        await browser.AtAsync("tag=agent");
        await browser.WaitForReadyAsync();

        var rows = browser.Page.Locator(".usage-table tbody tr");
        await Expect(rows).ToHaveCountAsync(3);
        await Expect(rows.Nth(0)).ToContainTextAsync("=Ann");
        await Expect(rows.Nth(2)).ToContainTextAsync("Without agent");
        await Expect(browser.Page.GetByTestId("spent")).ToHaveTextAsync("200 credits");
        await Expect(browser.Page.GetByTestId("tie")).ToContainTextAsync("Spent, as above");
        await browser.ExamineAsync("analytics-tag");
    }

    [Fact]
    public async Task A_service_leads_to_its_entries_of_the_same_days()
    {
        await using var browser = await UsedAsync();
        await browser.OpenAsync("/analytics?period=7");

        await browser.Page.Locator(".usage-table").GetByRole(AriaRole.Link, new() { Name = "Voice calls" }).ClickAsync();

        await browser.AtAsync("/transactions\\?.*service=voice");
        await browser.WaitForReadyAsync();
        await Expect(browser.Page.Locator(".transaction-table tbody tr")).ToHaveCountAsync(2);
        await Expect(browser.Page.GetByTestId("totals")).ToContainTextAsync("150 credits");
    }

    [Fact]
    public async Task The_file_holds_what_is_shown_and_no_formula()
    {
        await using var browser = await UsedAsync();
        await browser.OpenAsync("/analytics?period=7&group=tag&tag=agent");

        var download = await browser.Page.RunAndWaitForDownloadAsync(
            () => browser.Page.GetByRole(AriaRole.Link, new() { Name = "CSV", Exact = true }).ClickAsync());

        using var reader = new StreamReader(await download.CreateReadStreamAsync());
        var lines = (await reader.ReadToEndAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("usage-tag-", download.SuggestedFilename, StringComparison.Ordinal);
        Assert.Equal(4, lines.Length);
        Assert.Contains(",\"'=Ann\",1,", lines[1], StringComparison.Ordinal);
        Assert.Contains(",100,0,100,credits,0.5,", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_budget_warns_in_a_banner_and_stops_nothing()
    {
        await using var browser = await UsedAsync();
        await browser.OpenAsync("/analytics/budgets");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "New budget" }).ClickAsync();
        await browser.Page.GetByLabel("For", new() { Exact = true }).SelectOptionAsync("voice");
        await browser.Page.GetByLabel("A month").FillAsync("180");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Save budget" }).ClickAsync();

        await Expect(browser.Page.Locator(".budget-table tbody tr")).ToContainTextAsync("80 % reached");
        await browser.ExamineAsync("budgets-set");
        await browser.OpenAsync("/");
        await Expect(browser.Page.GetByText("80 % of the budget of")).ToBeVisibleAsync();
        await browser.OpenAsync("/notifications");
        await Expect(browser.Page.Locator("main")).ToContainTextAsync("Voice calls: 80 % of the budget of");
        await UseAsync(browser, "voice", 4, "{}");
    }

    [Fact]
    public async Task A_viewer_looks_at_budgets_and_changes_none()
    {
        await using var browser = await portal.SignedInAsync(MemberRole.Viewer);
        await browser.OpenAsync("/analytics/budgets");

        await Expect(browser.Page.GetByText("Owners and billing admins can set one.")).ToBeVisibleAsync();
        await Expect(browser.Page.GetByRole(AriaRole.Button, new() { Name = "budget" })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Staff_see_cohorts_as_soon_as_they_are_counted()
    {
        await using var browser = await portal.StaffAsync(StaffRole.Agent);
        await portal.Service<CohortCounter>().CountAsync();
        await browser.OpenAsync("/staff/cohorts");

        await Expect(browser.Page.GetByRole(AriaRole.Heading, new() { Name = "Cohorts" })).ToBeVisibleAsync();
        await browser.ExamineAsync("cohorts");
    }

    private static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);

    private async Task<PortalPage> UsedAsync()
    {
        var browser = await portal.SignedInAsync(MemberRole.Owner);
        var topped = await portal.Service<LedgerWriter>().PostAsync(new Posting
        {
            TenantId = browser.Tenant.Id,
            Operation = LedgerOperation.Credit,
            Amount = Amount.Credits(5_000),
            Kind = EntryKind.Purchase,
            Counter = CounterAccount.CardClearing,
            Key = Ids.New(),
            CauseType = "test",
            OccurredAt = TimeProvider.System.GetUtcNow(),
        });
        Assert.True(topped.IsPosted);
        await UseAsync(browser, "voice", 4, """{"agent":"=Ann"}""");
        await UseAsync(browser, "voice", 2, """{"agent":"Bob"}""");
        await UseAsync(browser, "sms_outbound", 10, "{}");
        return browser;
    }

    private async Task UseAsync(PortalPage browser, string service, decimal quantity, string metadata)
    {
        var used = await portal.Service<UsageService>().RecordAsync(
            browser.Tenant.Id, Unit.Credits, [UsageFixtures.Event(service, quantity, metadata: metadata)]);
        Assert.Equal(UsageOutcome.Posted, used[0].Outcome);
    }
}
