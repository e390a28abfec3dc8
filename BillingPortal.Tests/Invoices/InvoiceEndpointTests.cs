using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using BillingPortal.Tests.Purchases;
using Npgsql;

namespace BillingPortal.Tests.Invoices;

/// <summary>Invoices over HTTP, and that no tenant sees another's.</summary>
public sealed class InvoiceEndpointTests(PaidPortal portal) : IClassFixture<PaidPortal>
{
    [Fact]
    public async Task The_list_and_the_file_are_the_tenants_own()
    {
        var (mine, others) = (await InvoicedTenant.OfAsync(portal), await InvoicedTenant.OfAsync(portal));
        var (invoice, foreign) = (await mine.BuyAsync(), await others.BuyAsync());
        using var program = await portal.ProgramAsync(mine.Buyer.Tenant);

        var list = (await program.GetFromJsonAsync<JsonObject>("/api/invoices"))!["invoices"]!.AsArray();
        var row = Assert.Single(list)!;
        Assert.Equal((invoice.Text, "open", 6.50m), ((string?)row["number"], (string?)row["status"], (decimal)row["amount"]!));
        var file = await program.GetAsync((string)row["pdf"]!);
        Assert.Equal("application/pdf", file.Content.Headers.ContentType!.MediaType);
        Assert.StartsWith("%PDF-", Encoding.ASCII.GetString(await file.Content.ReadAsByteArrayAsync())[..8], StringComparison.Ordinal);
        using var refused = await program.GetAsync($"/api/invoices/{foreign.Id}.pdf");
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        using var staffOnly = await program.GetAsync($"/api/staff/tenants/{others.Id}/invoices/{foreign.Id}.pdf");
        Assert.Equal(HttpStatusCode.Forbidden, staffOnly.StatusCode);
    }

    [Fact]
    public async Task A_tenants_session_can_neither_write_invoices_nor_raise_its_limit()
    {
        var tenant = await InvoicedTenant.OfAsync(portal);
        await tenant.BuyAsync();
        foreach (var sql in new[] { "UPDATE invoices SET price_cents = 1", "UPDATE invoice_terms SET limit_cents = 100000000" })
        {
            await using var unit = await portal.Database.BeginAsync(tenant.Id);
            await using var command = unit.Command(sql);
            var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        }
    }
}
