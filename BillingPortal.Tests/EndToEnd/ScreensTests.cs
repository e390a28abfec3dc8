using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Tenants;
using BillingPortal.Tests.Messaging;
using BillingPortal.Tests.Support;
using BillingPortal.Tests.Voice;
using BillingPortal.Tests.Wallet;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace BillingPortal.Tests.EndToEnd;

/// <summary>
/// Every page with no, little and much data, light and dark, at 1440 and 390 px: axe finds nothing serious, nothing is
/// wider than the window, and a picture of each lies in <c>out/screenshots</c> afterwards.
/// </summary>
public sealed class ScreensTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    private static readonly (string Name, Look Look)[] Looks =
    [
        ("1440-light", new Look()),
        ("1440-dark", new Look(IsDark: true)),
        ("390-dark", Look.Phone with { IsDark = true }),
        ("390-light", Look.Phone),
    ];

    private static readonly (string Name, string Path)[] Pages =
    [
        ("overview", "/"),
        ("transactions", "/transactions"),
        ("statements", "/statements"),
        ("sms", "/sms"),
        ("sms-send", "/sms?view=send"),
        ("sms-opt-outs", "/sms?view=opt-outs"),
        ("budgets", "/analytics/budgets"),
        ("sms-settings", "/sms?view=settings"),
        ("buy", "/buy"),
        ("cards", "/cards"),
        ("auto-recharge", "/auto-recharge"),
        ("notifications", "/notifications"),
        ("voice", "/voice"),
        ("numbers", "/numbers"),
        ("wallet", "/wallet"),
        ("invoices", "/invoices"),
        ("api-keys", "/api-keys"),
        ("account", "/account"),
        ("account-security", "/account/security"),
        ("account-sessions", "/account/sessions"),
        ("single-sign-on", "/team/single-sign-on"),
        ("analytics", "/analytics"),
        ("team", "/team"),
        ("webhooks", "/webhooks"),
        ("team-history", "/team/history"),
    ];

    private static readonly (string Name, string Path)[] StaffPages =
    [
        ("staff", "/staff"),
        ("staff-prices", "/staff/prices"),
        ("staff-cohorts", "/staff/cohorts"),
        ("staff-prices-wallet", "/staff/prices?plan=usd"),
        ("staff-packages", "/staff/packages"),
        ("staff-audit", "/staff/audit"),
        ("staff-emails", "/staff/emails"),
        ("staff-jobs", "/staff/jobs"),
        ("staff-job", "/staff/jobs/phone-rent"),
        ("staff-team", "/staff/team"),
        ("staff-webhooks", "/staff/webhooks"),
        ("staff-webhooks-messages", "/staff/webhooks?view=messages"),
        ("staff-metrics", "/staff/metrics?days=90"),
        ("staff-single-sign-on", "/staff/single-sign-on"),
    ];

    [Theory]
    [InlineData("none")]
    [InlineData("little")]
    [InlineData("much")]
    public async Task Every_page_of_a_tenant_is_accessible_and_fits(string data)
    {
        await using var browser = await portal.SignedInAsync(MemberRole.Owner);
        await FillAsync(browser.Tenant, data);
        foreach (var (name, path) in Pages)
        {
            await browser.OpenAsync(path);
            await ExamineAsync(browser, $"{name}-{data}");
        }
    }

    // Weeks of usage, a purchase, two cards, auto-recharge on and done once.
    [Fact]
    public async Task Every_page_of_a_tenant_that_has_lived_is_accessible_and_fits()
    {
        await using var browser = await portal.SignedInAsync(MemberRole.Owner);
        await FillAsync(browser.Tenant, "much");
        await EmptyAsync(browser.Tenant);
        await browser.BuyAsync(Paying.Visa);
        await browser.AddCardAsync("4000000000000341");
        await browser.SwitchOnAsync();
        using var program = await portal.Portal.ProgramAsync(browser.Tenant);
        await program.CallAsync(calls: 7);
        await browser.OpenAsync("/");
        await Assertions.Expect(browser.Page.GetByTestId("latest")).ToContainTextAsync("Auto-recharge: 250 credits");
        foreach (var (name, path) in Pages)
        {
            await browser.OpenAsync(path);
            await ExamineAsync(browser, $"{name}-lived");
        }
    }

    [Theory]
    [InlineData(StaffRole.Lead)]
    [InlineData(StaffRole.Agent)]
    public async Task Every_page_of_the_staff_is_accessible_and_fits(StaffRole role)
    {
        await using var browser = await portal.StaffAsync(role);
        foreach (var (name, path) in StaffPages.Where(page => role is StaffRole.Lead || page.Path is not "/staff/team"))
        {
            await browser.OpenAsync(path);
            await ExamineAsync(browser, $"{name}-{(role is StaffRole.Lead ? "lead" : "agent")}");
        }
    }

    [Fact]
    public async Task The_desk_is_accessible_and_fits_with_and_without_something_to_show()
    {
        var tenant = await portal.Portal.TenantAsync(name: "Acme Voice");
        await FillAsync(tenant, "much");
        await using var browser = await portal.StaffAsync(StaffRole.Lead);
        foreach (var (name, path) in new[]
        {
            ("staff-desk", "/staff"),
            ("staff-nothing-found", "/staff?q=nobody-of-that-name"),
            ("staff-busy-tenant", $"/staff/tenants/{tenant.Id}"),
            ("staff-unknown-tenant", $"/staff/tenants/{Guid.Empty}"),
            ("staff-approvals-page", "/staff/approvals"),
        })
        {
            await browser.OpenAsync(path);
            await ExamineAsync(browser, name);
        }
    }

    [Fact]
    public async Task The_sign_in_page_is_accessible_and_fits()
    {
        await using var browser = await portal.StrangerAsync();
        foreach (var (name, path) in new[]
        {
            ("sign-in", "/sign-in"),
            ("sign-in-forgotten", "/sign-in/forgotten"),
            ("sign-in-reset-ended", "/sign-in/reset"),
            ("sign-in-email-ended", "/sign-in/email"),
        })
        {
            await browser.OpenAsync(path);
            await ExamineAsync(browser, name);
        }
    }

    private static async Task ExamineAsync(PortalPage browser, string name)
    {
        foreach (var (lookName, look) in Looks)
        {
            await browser.LookAsync(look);
            await browser.ShootAsync($"{name}-{lookName}");
            await browser.AssertFitsAsync();
            await browser.AssertAccessibleAsync();
        }
    }

    // Not by usage: so much of it at once would trip the brake against fraud.
    private async Task EmptyAsync(Tenant tenant)
    {
        var left = Amount.Credits(await portal.BalanceAsync(tenant.Id));
        await TestBooks.WriteAsync(
            portal.Portal.Connections, tenant.Id, Unit.Credits,
            [new Line(TimeProvider.System.GetUtcNow(), -left, EntryKind.Adjustment, Service: null, Note: "Moved to another account")]);
    }

    private async Task FillAsync(Tenant tenant, string data)
    {
        var now = TimeProvider.System.GetUtcNow();
        if (data == "little")
        {
            await SampleBooks.LittleAsync(portal.Portal.Connections, tenant.Id, now);
            await SampleMessages.LittleAsync(portal.Portal.Connections, tenant.Id, now);
            await SampleCalls.AddAsync(portal.Portal.Services.GetRequiredService<Database>(), tenant.Id, 2, now);
        }
        else if (data == "much")
        {
            await SampleBooks.MuchAsync(portal.Portal.Connections, tenant.Id, now);
            await SampleMessages.MuchAsync(portal.Portal.Connections, tenant.Id, now);
            await SampleCalls.AddAsync(portal.Portal.Services.GetRequiredService<Database>(), tenant.Id, 60, now);
        }
    }
}
