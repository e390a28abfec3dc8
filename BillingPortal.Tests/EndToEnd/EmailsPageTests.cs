using BillingPortal.Alerts;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Providers.Email;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;

namespace BillingPortal.Tests.EndToEnd;

/// <summary>The log of mails in an agent's browser: found, read, sent again.</summary>
public sealed class EmailsPageTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task An_agent_finds_a_mail_reads_it_and_sends_it_again()
    {
        var (tenant, mail) = await SentAsync();
        await using var browser = await portal.StaffAsync(StaffRole.Agent);
        await browser.OpenAsync("/staff/emails");
        await browser.Page.GetByLabel("Address").FillAsync(mail.ToAddress);
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();
        await browser.AtAsync("address=");
        await Expect(browser.Page.Locator("tbody tr")).ToHaveCountAsync(1);
        await ExamineAsync(browser, "staff-emails");
        await browser.Page.GetByRole(AriaRole.Link, new() { Name = mail.Subject }).ClickAsync();
        await browser.AtAsync($"/staff/emails/{mail.Id}$");
        await browser.WaitForReadyAsync();
        var preview = browser.Page.Locator("iframe");
        Assert.Equal("", await preview.GetAttributeAsync("sandbox")); // neither scripts nor our origin
        await Expect(preview.ContentFrame.Locator("body")).ToContainTextAsync("A test & more");
        await Expect(browser.Page.Locator("main")).ToContainTextAsync(tenant.Name);
        await ExamineAsync(browser, "staff-email");

        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Send again" }).ClickAsync();
        await browser.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Send it again" }).ClickAsync();
        await browser.ExpectTextAsync("It is being sent again, as a new mail.");
        await browser.Page.GetByRole(AriaRole.Link, new() { Name = "See the new mail" }).ClickAsync();
        await Expect(browser.Page.GetByRole(AriaRole.Link, new() { Name = "the mail it was" })).ToBeVisibleAsync();
        Assert.Equal(2, await CountAsync(tenant.Id));
    }

    [Fact]
    public async Task A_bounced_address_says_why_its_mail_is_not_sent_again()
    {
        var (_, mail) = await SentAsync();
        await portal.Service<DeliveryService>().ApplyAsync(new ResendEvent(
            "email.bounced", mail.ProviderId, mail.Id, TimeProvider.System.GetUtcNow(), IsPermanent: true, "No such mailbox"));
        await using var browser = await portal.StaffAsync(StaffRole.Agent);

        await browser.OpenAsync($"/staff/emails/{mail.Id}");

        await browser.ExpectTextAsync("It cannot be sent again. Mail does not reach this address.");
        await Expect(browser.Page.GetByRole(AriaRole.Button, new() { Name = "Send again" })).ToBeDisabledAsync();
        await ExamineAsync(browser, "staff-email-bounced");
    }

    [Theory]
    [InlineData("/staff/emails?cursor=broken", "This address was cut off")]
    [InlineData("/staff/emails?tenant=nobody-at-all", "There is no tenant with the short name")]
    [InlineData("/staff/emails/00000000-0000-0000-0000-000000000001", "No such mail")]
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

    private async Task<(Tenant Tenant, SentEmail Mail)> SentAsync()
    {
        var tenant = await portal.Portal.TenantAsync(name: "Kaffee Meyer");
        await portal.Portal.PersonAsync(tenant, MemberRole.Owner);
        await using (var unit = await portal.Service<Database>().BeginAsync(tenant.Id))
        {
            portal.Service<Mailer>().Enqueue<ReceiptMail>(
                unit, tenant.Id, "receipt", "Receipt: 250 credits for $6.50", new Dictionary<string, object?>
                {
                    [nameof(ReceiptMail.Bought)] = "A test & more",
                    [nameof(ReceiptMail.Price)] = "$6.50",
                    [nameof(ReceiptMail.Balance)] = "287.5 credits",
                    [nameof(ReceiptMail.PaidAt)] = new DateTimeOffset(2026, 11, 20, 14, 5, 0, TimeSpan.Zero),
                    [nameof(ReceiptMail.Number)] = "R-1",
                    [nameof(ReceiptMail.Link)] = "https://portal.example/transactions",
                },
                key: $"receipt:{Ids.New()}");
            await unit.CommitAsync();
        }

        while (true)
        {
            await using var unit = await portal.Service<Database>().BeginOpsAsync();
            if (await unit.Db.Set<SentEmail>().AsNoTracking().SingleOrDefaultAsync(row =>
                row.TenantId == tenant.Id && row.ProviderId != null) is { } mail)
            {
                return (tenant, mail);
            }

            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    private async Task<int> CountAsync(Guid tenantId)
    {
        await using var unit = await portal.Service<Database>().BeginOpsAsync();
        return await unit.Db.Set<SentEmail>().CountAsync(row => row.TenantId == tenantId);
    }
}
