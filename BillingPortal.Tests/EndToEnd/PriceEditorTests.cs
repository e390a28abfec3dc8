using System.Text.RegularExpressions;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using BillingPortal.Tests.Usage;
using BillingPortal.Usage;
using Microsoft.Playwright;

namespace BillingPortal.Tests.EndToEnd;

/// <summary>
/// Staff changes prices and packages in a browser. What is scheduled here is taken back at the end: the other tests share the
/// portal, and some of them move its clock.
/// </summary>
public sealed partial class PriceEditorTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task A_lead_changes_a_price_from_tomorrow_and_everybody_can_see_who_did()
    {
        var tenant = await UseLastMonthAsync(messages: 3);
        await using var lead = await portal.StaffAsync(StaffRole.Lead);
        await lead.OpenAsync("/staff/prices?plan=usd");
        var page = lead.Page;

        await Button(lead, "Change the price of SMS sent").ClickAsync();
        await page.GetByLabel("Per message").FillAsync("-1");
        await Button(lead, "Show the effect on last month").ClickAsync();
        await Assertions.Expect(page.GetByText("must not be below 0")).ToBeVisibleAsync();

        await page.GetByLabel("Per message").FillAsync("0.03");
        await Button(lead, "Show the effect on last month").ClickAsync();
        // Other tests' tenants may stand beside it: the portal is everybody's.
        await Assertions.Expect(page.GetByTestId("effect")).ToContainTextAsync(Effect());
        await Assertions.Expect(page.GetByTestId("effect").GetByRole(AriaRole.Row, new() { Name = tenant.Name }))
            .ToContainTextAsync("3 $0.06 $0.09 +$0.03");
        await ExamineAsync(lead, "staff-prices-form");

        await Button(lead, "Save…").ClickAsync();
        var question = page.GetByRole(AriaRole.Dialog);
        await Assertions.Expect(question).ToContainTextAsync(Effect());
        await Assertions.Expect(question).ToContainTextAsync("Difference+$0.");
        await lead.ShootAsync("staff-prices-question-1440-light");
        await question.GetByRole(AriaRole.Button, new() { Name = "Change the price" }).ClickAsync();
        await Assertions.Expect(page.GetByText("SMS sent, wallet plan: $0.03 per message from").First).ToBeVisibleAsync();
        var row = page.Locator("[data-service=sms_outbound]");
        await Assertions.Expect(row).ToContainTextAsync("$0.03 per message");
        await Assertions.Expect(row.Locator("[data-label='Price now']")).ToContainTextAsync("$0.02 per message");
        await ExamineAsync(lead, "staff-prices-scheduled");

        await AgentOnlyLooksAsync();
        await AuditShowsAsync(lead);

        await lead.OpenAsync("/staff/prices?plan=usd");
        await Button(lead, "Withdraw $0.03 per message for SMS sent").ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Withdraw it" }).ClickAsync();
        await Assertions.Expect(page.GetByText("is withdrawn before it began")).ToBeVisibleAsync();
        await Assertions.Expect(row).Not.ToContainTextAsync("$0.03");
    }

    [Fact]
    public async Task A_tenant_gets_a_price_of_its_own()
    {
        var tenant = await portal.Portal.TenantAsync(Unit.Usd, $"Faxers {Ids.New():N}"[..20]);
        await using var lead = await portal.StaffAsync(StaffRole.Lead);
        await lead.OpenAsync("/staff/prices?plan=usd");
        var page = lead.Page;

        await Button(lead, "Price for one tenant").ClickAsync();
        await page.GetByLabel("Tenant", new() { Exact = true }).FillAsync(tenant.Slug);
        await Button(lead, tenant.Name).ClickAsync();
        await page.GetByLabel("Service").SelectOptionAsync("fax");
        await page.GetByLabel("Per page").FillAsync("0.12");
        await Button(lead, "Save…").ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Change the price" }).ClickAsync();

        var row = page.GetByRole(AriaRole.Row, new() { Name = tenant.Name });
        await Assertions.Expect(row).ToContainTextAsync("$0.12 per page");
        await Assertions.Expect(row).ToContainTextAsync("Scheduled");
        await ExamineAsync(lead, "staff-prices-own");
        await Button(lead, $"Withdraw $0.12 per page for {tenant.Name}").ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Withdraw it" }).ClickAsync();
        await Assertions.Expect(row).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_lead_is_warned_of_an_odd_package_price_and_can_take_it_back()
    {
        await using var lead = await portal.StaffAsync(StaffRole.Lead);
        await lead.OpenAsync("/staff/packages");
        var page = lead.Page;

        await Button(lead, "Change price of credits-2500").ClickAsync();
        await page.GetByRole(AriaRole.Spinbutton, new() { Name = "Price" }).FillAsync("60");
        await Button(lead, "Check").ClickAsync();
        await Assertions.Expect(page.GetByText("dearer than 1,000 credits for $22.00 at 2.2 ¢")).ToBeVisibleAsync();
        await ExamineAsync(lead, "staff-packages-form");
        await page.GetByRole(AriaRole.Spinbutton, new() { Name = "Price" }).FillAsync("52.50");
        await Button(lead, "Save…").ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Change the price" }).ClickAsync();
        var row = page.Locator("[data-package='credits-2500']");
        await Assertions.Expect(row).ToContainTextAsync("$52.50, 2.1 ¢ per credit");
        await ExamineAsync(lead, "staff-packages-scheduled");

        await Button(lead, "Withdraw what is scheduled last for credits-2500").ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Withdraw it" }).ClickAsync();
        await Assertions.Expect(row).Not.ToContainTextAsync("$52.50");
    }

    private async Task AgentOnlyLooksAsync()
    {
        await using var agent = await portal.StaffAsync(StaffRole.Agent, "Sam Porter");
        await agent.OpenAsync("/staff/prices?plan=usd");

        await Assertions.Expect(agent.Page.GetByText("You can look, a support lead can change")).ToBeVisibleAsync();
        await Assertions.Expect(agent.Page.Locator("[data-service=sms_outbound]")).ToContainTextAsync("$0.03 per message");
        await Assertions.Expect(agent.Page.Locator("main").GetByRole(AriaRole.Button, new() { Name = "Change" })).ToHaveCountAsync(0);
        await Assertions.Expect(agent.Page.Locator("main").GetByRole(AriaRole.Button, new() { Name = "Withdraw" })).ToHaveCountAsync(0);
    }

    private static async Task AuditShowsAsync(PortalPage lead)
    {
        await lead.OpenAsync("/staff/audit?action=price&id=usd%2Fsms_outbound");
        var line = lead.Page.Locator(".audit-table > tbody > tr").First;
        await Assertions.Expect(line).ToContainTextAsync("Ann Lee (support lead)");
        await Assertions.Expect(line).ToContainTextAsync("SMS sent, wallet plan: $0.03 per message");
        await line.GetByText("Before and after").ClickAsync();
        await Assertions.Expect(line.GetByRole(AriaRole.Row, new() { Name = "Price" }))
            .ToContainTextAsync("$0.02 per message$0.03 per message");
        await ExamineAsync(lead, "staff-audit-line");
    }

    private async Task<Tenant> UseLastMonthAsync(int messages)
    {
        var now = portal.Service<TimeProvider>().GetUtcNow();
        var lastMonth = new DateTimeOffset(now.UtcDateTime.Year, now.UtcDateTime.Month, 1, 0, 0, 0, TimeSpan.Zero).AddDays(-3);
        var tenant = await portal.Portal.TenantAsync(Unit.Usd, $"Bolt {Ids.New():N}"[..17]);
        await portal.Service<LedgerWriter>().PostAsync(new Posting
        {
            TenantId = tenant.Id,
            Operation = LedgerOperation.Credit,
            Amount = Amount.Usd(10),
            Kind = EntryKind.Purchase,
            Counter = CounterAccount.CardClearing,
            Key = Ids.New(),
            CauseType = "test",
            OccurredAt = lastMonth,
        });
        var results = await portal.Service<UsageService>().RecordAsync(
            tenant.Id, Unit.Usd,
            [.. Enumerable.Range(0, messages).Select(_ => UsageFixtures.Event("sms_outbound", 1, occurredAt: lastMonth))]);
        Assert.All(results, result => Assert.Equal(UsageOutcome.Posted, result.Outcome));
        return tenant;
    }

    [GeneratedRegex(@"\d+ messages of \d+ tenants?")]
    private static partial Regex Effect();

    private static ILocator Button(PortalPage browser, string name) =>
        browser.Page.GetByRole(AriaRole.Button, new() { Name = name });

    private static async Task ExamineAsync(PortalPage browser, string name)
    {
        foreach (var (lookName, look) in new[] { ("1440-light", new Look()), ("390-dark", Look.Phone with { IsDark = true }) })
        {
            await browser.LookAsync(look);
            await browser.ShootAsync($"{name}-{lookName}");
            await browser.AssertFitsAsync();
            await browser.AssertAccessibleAsync();
        }

        await browser.LookAsync(new Look());
    }
}
