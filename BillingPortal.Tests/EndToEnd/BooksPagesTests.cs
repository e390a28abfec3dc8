using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.PhoneNumbers;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using BillingPortal.Tests.Usage;
using BillingPortal.Tests.Wallet;
using BillingPortal.Usage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace BillingPortal.Tests.EndToEnd;

/// <summary>What the books say of themselves in a browser: a kind beginning, renewals ahead, the proof, a month's own page.</summary>
public sealed class BooksPagesTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task A_new_tenant_reads_how_to_begin()
    {
        await using var browser = await portal.SignedInAsync(MemberRole.Owner);
        await browser.OpenAsync("/");

        await Assertions.Expect(browser.Page.GetByText("No credits yet.")).ToBeVisibleAsync();
        await Assertions.Expect(browser.Page.Locator(".balance-card .badge")).ToHaveTextAsync("New");
        await browser.Page.GetByRole(AriaRole.Link, new() { Name = "Buy your first credits" }).ClickAsync();
        await browser.AtAsync("/buy");
        await browser.OpenAsync("/");
        await ExamineAsync(browser, "overview-new");
    }

    [Fact]
    public async Task Renewals_are_steps_of_the_forecast_and_the_proof_has_its_time()
    {
        await using var browser = await portal.SignedInAsync(MemberRole.Owner);
        await SampleBooks.MuchAsync(portal.Portal.Connections, browser.Tenant.Id, TimeProvider.System.GetUtcNow());
        await NumbersAsync(browser.Tenant.Id, count: 2, TimeProvider.System.GetUtcNow().AddHours(9));
        await portal.Portal.Services.GetRequiredService<LedgerAudit>().RunAsync(full: false);

        await browser.OpenAsync("/");

        await Assertions.Expect(browser.Page.GetByTestId("proven")).ToContainTextAsync("Books proven at");
        await Assertions.Expect(browser.Page.Locator(".wide .renewal-mark").First).ToBeVisibleAsync();
        await ExamineAsync(browser, "overview-renewals");
        await browser.OpenAsync("/transactions");
        await Assertions.Expect(browser.Page.GetByTestId("proven")).ToContainTextAsync("Books proven at");
        await ExamineAsync(browser, "transactions-proven");
    }

    [Fact]
    public async Task A_month_of_the_wallet_has_a_page_of_its_own()
    {
        await using var browser = await portal.SignedInAsync(MemberRole.Owner, Unit.Usd);
        await portal.Portal.Services.GetRequiredService<LedgerWriter>().PostAsync(new Posting
        {
            TenantId = browser.Tenant.Id,
            Operation = LedgerOperation.Credit,
            Amount = Amount.Usd(10),
            Kind = EntryKind.Purchase,
            Counter = CounterAccount.CardClearing,
            Key = Ids.New(),
            CauseType = "test",
            OccurredAt = TimeProvider.System.GetUtcNow(),
        });
        var usage = portal.Portal.Services.GetRequiredService<UsageService>();
        await usage.RecordAsync(browser.Tenant.Id, Unit.Usd, [UsageFixtures.Event("voice", 5.5m), UsageFixtures.Event("fax", 2)]);
        var month = BillingPortal.Settlement.BillingMonth.Of(TimeProvider.System.GetUtcNow());

        await browser.OpenAsync($"/wallet/months/{month}");

        await Assertions.Expect(browser.Page.GetByTestId("month")).ToContainTextAsync("$0.10 + $0.05 per minute");
        await Assertions.Expect(browser.Page.GetByTestId("month")).ToContainTextAsync("$0.675");
        await ExamineAsync(browser, "wallet-month");
        await browser.OpenAsync("/statements");
        await Assertions.Expect(browser.Page.Locator("nav a.active").First).ToHaveAttributeAsync("href", "/wallet");
        await ExamineAsync(browser, "statements-reserved");
        await browser.OpenAsync("/wallet/months/nonsense");
        await Assertions.Expect(browser.Page.GetByText("Nothing was reserved with this month")).ToBeVisibleAsync();
    }

    private async Task NumbersAsync(Guid tenantId, int count, DateTimeOffset next)
    {
        await using var unit = await portal.Portal.Services.GetRequiredService<Database>().BeginOpsAsync();
        for (var number = 0; number < count; number++)
        {
            unit.Db.Add(new PhoneNumber
            {
                Id = Ids.New(),
                TenantId = tenantId,
                Number = $"+1415555{Random.Shared.Next(1000, 9999)}",
                Country = "US",
                ProviderSid = "PN" + Ids.New().ToString("N"),
                State = PhoneNumberState.Active,
                Unit = Unit.Credits,
                AnchorDay = next.UtcDateTime.Day,
                NextBillingDate = next,
                CreatedAt = next.AddMonths(-1),
                AcquiredAt = next.AddMonths(-1),
            });
        }

        await unit.CommitAsync();
    }

    private static async Task ExamineAsync(PortalPage browser, string name)
    {
        foreach (var (suffix, look) in new[] { ("1440-light", new Look()), ("390-dark", new Look(390, 844, IsDark: true)) })
        {
            await browser.LookAsync(look);
            await browser.ShootAsync($"{name}-{suffix}");
            await browser.AssertFitsAsync();
            await browser.AssertAccessibleAsync();
        }

        await browser.LookAsync(new Look());
    }
}
