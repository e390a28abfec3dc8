using BillingPortal.AutoRecharge;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.PhoneNumbers;
using BillingPortal.Tests.Support;
using Microsoft.Playwright;

namespace BillingPortal.Tests.EndToEnd;

/// <summary>Grace days as people see them: what both pages and the mail say, and the top-up that ends them.</summary>
[Collection(ClockedPortal.Collection)]
public sealed class GracePageTests(ClockedPortal portal)
{
    // 90 credits, a declined card, a rent of 100 due tomorrow, five days of grace.
    [Fact]
    public async Task A_number_stays_in_service_in_grace_and_a_top_up_pays_its_month()
    {
        await using var scene = await RecoveryScene.StartAsync(
            portal, 150, ["pm_card_chargeCustomerFail"], new RechargeChange { GraceDays = 5 });
        var due = RentCalendar.DayOf(portal.Service<TimeProvider>().GetUtcNow()).AddDays(1);
        await OwnAsync(scene.Tenant.Id, due);
        await scene.UseAsync(60);
        await scene.AttemptAsync(AttemptState.Declined);
        await scene.Browser.OpenAsync("/auto-recharge");
        await Expect(scene.Page.GetByTestId("grace")).ToContainTextAsync("stay in service until");
        await Expect(scene.Page.GetByTestId("grace")).ToContainTextAsync("they stop when your balance is used up");
        await LooksAsync(scene.Browser, "auto-recharge-grace");

        await portal.Sandbox.MoveClockToAsync(due.AddHours(2));
        await scene.CronAsync("/api/cron/monthly-billing", "sandbox-cron-secret");

        await scene.Browser.OpenAsync("/numbers");
        var row = scene.Page.Locator(".number-rows li");
        await Expect(row).ToContainTextAsync("Rent due since");
        await Expect(row).ToContainTextAsync("stays in service until");
        await Expect(scene.Banner("A phone number's rent is due")).ToBeVisibleAsync();
        var mail = await scene.MailAsync("A phone number's rent is due");
        Assert.Contains("The number stays in service until", mail.Text, StringComparison.Ordinal);
        await LooksAsync(scene.Browser, "numbers-grace");

        await row.GetByRole(AriaRole.Link, new() { Name = "Top up" }).ClickAsync();
        await scene.Browser.WaitForReadyAsync();
        await scene.Browser.ChoosePackageAsync(250);
        await scene.Page.GetByLabel("Another card or way to pay").CheckAsync();
        await scene.Browser.TypeCardAsync(Paying.Visa);
        await scene.Browser.PayAsync();
        await scene.Browser.ExpectPaidAsync();

        await scene.Browser.OpenAsync("/numbers");
        await Expect(row).ToContainTextAsync($"Renews {NumberTexts.Day(RentCalendar.Next(due, due.Day))}");
        await Expect(scene.Banner("A phone number's rent is due")).ToHaveCountAsync(0);
        Assert.Equal(90 + 250 - 100, await scene.BalanceAsync());
    }

    private async Task OwnAsync(Guid tenantId, DateTimeOffset due)
    {
        var now = portal.Service<TimeProvider>().GetUtcNow();
        await using var unit = await portal.Service<Database>().BeginOpsAsync();
        unit.Db.Add(new PhoneNumber
        {
            Id = Ids.New(),
            TenantId = tenantId,
            Number = "+14155550171",
            Country = "US",
            Label = "Reception",
            State = PhoneNumberState.Active,
            Unit = Unit.Credits,
            ProviderSid = $"PN{Ids.New():N}",
            AnchorDay = due.Day,
            NextBillingDate = due,
            CreatedAt = now,
            AcquiredAt = now,
        });
        await unit.CommitAsync();
    }

    private static async Task LooksAsync(PortalPage browser, string name)
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

    private static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);
}
