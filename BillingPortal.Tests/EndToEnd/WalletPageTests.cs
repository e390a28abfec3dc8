using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using BillingPortal.Tests.Usage;
using BillingPortal.Usage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace BillingPortal.Tests.EndToEnd;

/// <summary>The wallet in a browser: empty, in use, its two switches, on a phone and in the dark.</summary>
public sealed class WalletPageTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task The_wallet_follows_usage_and_its_switches_say_what_they_do()
    {
        await using var browser = await portal.SignedInAsync(MemberRole.Owner, Unit.Usd);
        await browser.OpenAsync("/wallet");
        await Expect(browser, "wallet-available", "$0.00");
        await Assertions.Expect(browser.Page.GetByText("Nothing used in dollars this month")).ToBeVisibleAsync();

        await FundAsync(browser.Tenant, 10);
        await UseAsync(browser.Tenant, "voice", 5.5m);
        await UseAsync(browser.Tenant, "fax", 2);
        await Expect(browser, "wallet-available", "$9.325");
        await Expect(browser, "wallet-reserved", "$0.675");
        await Assertions.Expect(browser.Page.GetByRole(AriaRole.Row, new() { Name = "Voice calls 5.5 minutes" }))
            .ToContainTextAsync("$0.375");
        await ExamineAsync(browser, "wallet-in-use");

        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Debit at once instead" }).ClickAsync();
        await Assertions.Expect(browser.Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Stays reserved until its settlement$0.675");
        await browser.Page.GetByRole(AriaRole.Dialog)
            .GetByRole(AriaRole.Button, new() { Name = "Debit at once", Exact = true }).ClickAsync();
        await Expect(browser, "mode", "Debited at once");
        await UseAsync(browser.Tenant, "email", 3);
        await Assertions.Expect(browser.Page.GetByRole(AriaRole.Row, new() { Name = "Email" })).ToContainTextAsync("At once");

        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Change to the credits plan" }).ClickAsync();
        var question = browser.Page.GetByRole(AriaRole.Dialog);
        await Assertions.Expect(question).ToContainTextAsync("Debited now: reserved this month$0.675");
        await browser.ShootAsync("wallet-question-1440-light");
        await question.GetByRole(AriaRole.Button, new() { Name = "Change to the credits plan" }).ClickAsync();
        await Expect(browser, "plan", "Credits");
        await Expect(browser, "wallet-reserved", "$0.00");
        await Assertions.Expect(browser.Page.GetByRole(AriaRole.Cell, new() { Name = ", with a change of plan" }))
            .ToBeVisibleAsync();
        await ExamineAsync(browser, "wallet-settled");

        // The session knows at once: the overview shows the other account.
        await browser.OpenAsync("/");
        await Expect(browser, "available", "0 credits");
    }

    [Fact]
    public async Task Who_may_only_look_sees_no_switch()
    {
        await using var browser = await portal.SignedInAsync(MemberRole.Viewer, Unit.Usd);

        await browser.OpenAsync("/wallet");

        await Expect(browser, "mode", "Settled monthly");
        await Assertions.Expect(browser.Page.GetByText("The plan is changed by an owner.")).ToBeVisibleAsync();
        await Assertions.Expect(browser.Page.GetByRole(AriaRole.Button, new() { Name = "Change to" })).ToHaveCountAsync(0);
        await Assertions.Expect(browser.Page.GetByRole(AriaRole.Link, new() { Name = "Add funds" })).ToHaveCountAsync(0);
    }

    private static Task Expect(PortalPage browser, string testId, string text) =>
        Assertions.Expect(browser.Page.GetByTestId(testId)).ToHaveTextAsync(text);

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

    private Task<PostResult> FundAsync(Tenant tenant, decimal usd) =>
        portal.Portal.Services.GetRequiredService<LedgerWriter>().PostAsync(new Posting
        {
            TenantId = tenant.Id,
            Operation = LedgerOperation.Credit,
            Amount = Amount.Usd(usd),
            Kind = EntryKind.Purchase,
            Counter = CounterAccount.CardClearing,
            Key = Ids.New(),
            CauseType = "test",
            OccurredAt = tenant.CreatedAt,
        });

    private Task<IReadOnlyList<UsageResult>> UseAsync(Tenant tenant, string service, decimal quantity) =>
        portal.Portal.Services.GetRequiredService<UsageService>().RecordAsync(
            tenant.Id, Unit.Usd, [UsageFixtures.Event(service, quantity)]);
}
