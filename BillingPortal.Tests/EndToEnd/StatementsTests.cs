using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using BillingPortal.Tests.Wallet;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BillingPortal.Tests.EndToEnd;

/// <summary>The page Statements in a browser: months, receipts, billing details.</summary>
public sealed class StatementsTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task A_payment_has_its_receipt_on_the_page_with_the_details_that_were_saved_before()
    {
        await using var browser = await portal.SignedInAsync();
        await browser.OpenAsync("/statements");
        await browser.ExpectTextAsync("No statement yet");
        await FillAsync(browser, "Müller & Söhne GmbH");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Save details" }).ClickAsync();
        await browser.ExpectTextAsync("by Test Person.");

        await browser.BuyAsync(Paying.Visa);
        await browser.OpenAsync("/statements");
        await browser.ExpectTextAsync("so far");
        await Expect(browser.Page.Locator(".receipt-table")).ToContainTextAsync("$6.50");
        foreach (var (name, look) in new[] { ("1440-light", new Look()), ("390-dark", Look.Phone with { IsDark = true }) })
        {
            await browser.LookAsync(look);
            await browser.ShootAsync($"statements-paid-{name}");
            await browser.AssertFitsAsync();
            await browser.AssertAccessibleAsync();
        }

        var download = await browser.Page.RunAndWaitForDownloadAsync(() =>
            browser.Page.Locator(".receipt-table").GetByText("PDF").ClickAsync());

        var pdf = await File.ReadAllBytesAsync(await download.PathAsync());
        var text = new Documents.Pdf.PdfReader(pdf).Text;
        Assert.Contains("Müller & Söhne GmbH", text, StringComparison.Ordinal);
        Assert.Contains("Contains VAT 19% | $1.04", text, StringComparison.Ordinal);
        Assert.StartsWith("receipt-BP-", download.SuggestedFilename, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_is_said_at_its_field_and_what_was_typed_stays()
    {
        await using var browser = await portal.SignedInAsync();
        await browser.OpenAsync("/statements");
        await FillAsync(browser, "漢字 Ltd");

        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Save details" }).ClickAsync();

        await Expect(browser.Page.Locator("#legal-name-fault")).ToContainTextAsync("cannot be printed on documents");
        await Expect(browser.Page.GetByLabel("Legal name")).ToHaveValueAsync("漢字 Ltd");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Discard changes" }).ClickAsync();
        await Expect(browser.Page.GetByLabel("Legal name")).ToHaveValueAsync("Acme Voice");
    }

    [Fact]
    public async Task A_viewer_reads_months_and_details_and_can_change_nothing()
    {
        await using var browser = await portal.SignedInAsync(MemberRole.Viewer);
        var month = TimeProvider.System.GetUtcNow().AddMonths(-2);
        await TestBooks.WriteAsync(portal.Portal.Connections, browser.Tenant.Id, Unit.Credits,
            [new Line(month, Amount.Credits(250), EntryKind.Purchase, Service: null), new Line(month, Amount.Credits(-30))]);

        await browser.OpenAsync("/statements");

        await Expect(browser.Page.Locator(".statement-table tbody tr")).ToHaveCountAsync(3);
        await Expect(browser.Page.GetByLabel("Legal name")).ToBeDisabledAsync();
        await Expect(browser.Page.GetByRole(AriaRole.Button, new() { Name = "Save details" })).ToHaveCountAsync(0);
    }

    private static async Task FillAsync(PortalPage browser, string name)
    {
        await browser.Page.GetByLabel("Legal name").FillAsync(name);
        await browser.Page.GetByLabel("Address").FillAsync("Straße 1\n80331 München");
        await browser.Page.GetByLabel("Country").SelectOptionAsync("DE");
        await browser.Page.GetByLabel("Its rate in per cent").FillAsync("19");
    }
}
