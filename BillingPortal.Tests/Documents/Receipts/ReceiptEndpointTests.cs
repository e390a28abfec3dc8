using System.Net;
using System.Net.Http.Headers;
using BillingPortal.Documents.Receipts;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using BillingPortal.Tests.Documents.Pdf;
using BillingPortal.Tests.Purchases;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Documents.Receipts;

/// <summary>From a payment through Stripe to the file, over HTTP.</summary>
public sealed class ReceiptEndpointTests(PaidPortal portal) : IClassFixture<PaidPortal>
{
    [Fact]
    public async Task A_paid_purchase_has_its_receipt_by_itself_and_the_mail_leads_to_it()
    {
        var buyer = await portal.BuyerAsync();
        var purchase = (await buyer.PayAsync()).Purchase!;

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await using var unit = await portal.Database.BeginOpsAsync(patience.Token);
        while (!await unit.Db.Set<Receipt>().AnyAsync(row => row.PurchaseId == purchase.Id, patience.Token))
        {
            await Task.Delay(20, patience.Token);
        }

        await using var mail = unit.Command(
            "SELECT payload::text FROM outbox_messages WHERE tenant_id = $1 AND key = $2", buyer.Id, $"receipt:{purchase.Id}");
        Assert.Contains($"/api/receipts/{purchase.Id}.pdf", (string)(await mail.ExecuteScalarAsync())!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everybody_of_the_tenant_may_fetch_it_and_nobody_else()
    {
        var buyer = await portal.BuyerAsync();
        var purchase = (await buyer.PayAsync()).Purchase!;
        var path = $"/api/receipts/{purchase.Id}.pdf";
        var viewer = await portal.SignedInAsync(buyer.Tenant, MemberRole.Viewer);
        var program = await portal.ProgramAsync(buyer.Tenant, ApiScopes.Read);
        var stranger = await portal.SignedInAsync(await portal.TenantAsync(), MemberRole.Owner);

        foreach (var client in new[] { viewer, program })
        {
            using var answer = await client.GetAsync(path);
            Assert.Equal("application/pdf", answer.Content.Headers.ContentType?.MediaType);
            Assert.Matches(@"^receipt-BP-\d{4}-\d{6}\.pdf$", answer.Content.Headers.ContentDisposition!.FileName!);
            var text = new PdfReader(await answer.Content.ReadAsByteArrayAsync()).Text;
            Assert.Contains("Total paid | $6.50", text, StringComparison.Ordinal);
        }

        using var refused = await stranger.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        Assert.Contains("unknown_receipt", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unpaid_purchase_has_none()
    {
        var buyer = await portal.BuyerAsync();
        var start = await buyer.StartAsync();
        var client = await portal.SignedInAsync(buyer.Tenant, MemberRole.Owner);

        using var answer = await client.GetAsync($"/api/receipts/{start.Purchase!.Id}.pdf");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    // Who follows the mail's link in a browser signs in and comes back; a program is told what to send.
    [Fact]
    public async Task A_person_without_a_session_is_sent_to_sign_in_and_a_program_is_not()
    {
        var path = $"/api/receipts/{Ids.New()}.pdf";
        using var browser = portal.Browser();
        using var program = portal.Browser();
        browser.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));

        using var sent = await browser.GetAsync(path);
        using var told = await program.GetAsync(path);

        Assert.Equal(HttpStatusCode.Redirect, sent.StatusCode);
        Assert.Contains("/sign-in?returnUrl=%2Fapi%2Freceipts%2F", sent.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, told.StatusCode);
    }

    [Fact]
    public async Task The_list_has_every_paid_purchase_newest_first_with_its_number()
    {
        var buyer = await portal.BuyerAsync();
        var first = (await buyer.PayAsync()).Purchase!;
        var second = (await buyer.PayAsync()).Purchase!;
        await buyer.StartAsync();

        var rows = await portal.Services.GetRequiredService<ReceiptReader>().ListAsync(buyer.Id, most: 10);

        Assert.Equal([second.Id, first.Id], rows.Select(row => row.Purchase.Id));
    }
}
