using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using Microsoft.Playwright;

namespace BillingPortal.Tests.EndToEnd;

/// <summary>The schedule in the browsers of a lead and an agent.</summary>
public sealed class JobsPageTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task A_lead_runs_a_job_and_finds_it_in_the_history()
    {
        await using var browser = await portal.StaffAsync(StaffRole.Lead);
        await browser.OpenAsync("/staff/jobs");
        var row = browser.Page.Locator("tr[data-job=receipts]");
        await Expect(row).ToContainTextAsync("Receipts that are missing");
        await row.GetByRole(AriaRole.Button, new() { Name = "Run now: receipts" }).ClickAsync();
        await browser.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Run receipts" }).ClickAsync();

        await Expect(browser.Page.Locator("main").GetByRole(AriaRole.Status).First).ToContainTextAsync("receipts: succeeded");
        await Expect(row).ToContainTextAsync("Succeeded");
        await ExamineAsync(browser, "staff-jobs");
        await row.GetByRole(AriaRole.Link, new() { Name = "receipts", Exact = true }).ClickAsync();
        await browser.AtAsync("/staff/jobs/receipts$");
        await browser.WaitForReadyAsync();
        await Expect(browser.Page.GetByRole(AriaRole.Region, new() { Name = "Runs" }).First).ToContainTextAsync("Succeeded");
        await browser.ExpectTextAsync("0 50 2 * * ?");
        await ExamineAsync(browser, "staff-job");
        await browser.OpenAsync("/staff/audit?action=job.run&id=receipts");
        await browser.ExpectTextAsync("Started the job receipts by hand");
    }

    [Fact]
    public async Task An_agent_sees_what_jobs_do_and_why_they_cannot_start_one()
    {
        await using var browser = await portal.StaffAsync(StaffRole.Agent);
        await browser.OpenAsync("/staff/jobs");

        await browser.ExpectTextAsync("A support lead starts jobs by hand");
        await Expect(browser.Page.GetByRole(AriaRole.Button, new() { Name = "Run now: phone-rent" })).ToBeDisabledAsync();
    }

    [Theory]
    [InlineData("/staff/jobs/no-such-job", "No such job")]
    [InlineData("/staff/jobs/receipts?cursor=broken", "This address was cut off")]
    [InlineData("/staff/jobs/receipts?outcome=lost", "No such outcome")]
    public async Task A_broken_address_gets_a_page_that_says_so(string path, string words)
    {
        await using var browser = await portal.StaffAsync(StaffRole.Agent);

        await browser.OpenAsync(path);

        await browser.ExpectTextAsync(words);
    }

    private static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);

    private static async Task ExamineAsync(PortalPage browser, string name)
    {
        foreach (var (suffix, look) in new[] { ("1440-light", new Look()), ("390-dark", Look.Phone with { IsDark = true }) })
        {
            await browser.LookAsync(look);
            await browser.ShootAsync($"{name}-{suffix}");
            await browser.AssertFitsAsync();
            await browser.AssertAccessibleAsync();
        }

        await browser.LookAsync(new Look());
    }
}
