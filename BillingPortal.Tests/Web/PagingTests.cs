using System.Net;
using System.Text.Json;
using BillingPortal.Documents.Statements;
using BillingPortal.Invoices;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Tests.Invoices;
using BillingPortal.Tests.Purchases;
using BillingPortal.Tests.Wallet;
using BillingPortal.Wallet;
using BillingPortal.Web;

namespace BillingPortal.Tests.Web;

/// <summary>Lists by the same words everywhere, stable while rows are added, and a broken cursor is said to be one.</summary>
public sealed class PagingTests(PaidPortal portal) : IClassFixture<PaidPortal>
{
    private static readonly DateTimeOffset At = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("/api/credits/transactions")]
    [InlineData("/api/sms/messages")]
    [InlineData("/api/invoices")]
    [InlineData("/api/statements")]
    public async Task A_broken_cursor_and_a_limit_out_of_bounds_are_refused_by_the_same_codes(string path)
    {
        using var program = await portal.ProgramAsync(await portal.TenantAsync());

        foreach (var cursor in new[] { "made-up", "MTp4Onk", "%20%00", new string('A', 500) })
        {
            var answer = await program.GetAsync($"{path}?cursor={cursor}");
            await IdempotencyTests.AssertProblemAsync(answer, HttpStatusCode.BadRequest, "invalid_cursor");
        }

        foreach (var limit in new[] { "0", "201", "-1", "1.5", "many" })
        {
            var answer = await program.GetAsync($"{path}?limit={limit}");
            await IdempotencyTests.AssertProblemAsync(answer, HttpStatusCode.BadRequest, "invalid_limit");
        }
    }

    // Five are read two by two; a sixth is issued while the first page is held.
    [Fact]
    public async Task Invoices_lead_on_without_a_gap_while_another_is_issued()
    {
        var tenant = await InvoicedTenant.OfAsync(portal);
        using var program = await portal.ProgramAsync(tenant.Buyer.Tenant);
        var issued = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            issued.Insert(0, (await tenant.BuyAsync()).Id);
        }

        var first = await ReadAsync(program, "/api/invoices?limit=2");
        await tenant.BuyAsync();
        var second = await ReadAsync(program, $"/api/invoices?limit=2&cursor={first.Next}");
        var third = await ReadAsync(program, $"/api/invoices?limit=2&cursor={second.Next}");

        Assert.Equal(issued.Select(id => id.ToString()), [.. first.Ids, .. second.Ids, .. third.Ids]);
        Assert.Null(third.Next);
    }

    // Two accounts with three months each, two rows a page: within a month credits come before dollars.
    [Fact]
    public async Task Statements_of_both_accounts_lead_on_across_a_month()
    {
        var tenant = await portal.TenantAsync();
        var month = StatementMonth.Of(TimeProvider.System.GetUtcNow());
        foreach (var unit in Enum.GetValues<Unit>())
        {
            await TestBooks.WriteAsync(portal.Connections, tenant.Id, unit,
                [new Line(month.Previous.Previous.Start.AddDays(1), Amount.Of(250, unit), EntryKind.Purchase, Service: null)]);
        }

        using var program = await portal.ProgramAsync(tenant);
        var all = await ReadAsync(program, "/api/statements");
        var paged = new List<string>();
        string? next = "";
        for (var pages = 0; next is not null && pages < 9; pages++)
        {
            var page = await ReadAsync(program, $"/api/statements?limit=1&cursor={next}");
            paged.AddRange(page.Ids);
            next = page.Next;
        }

        Assert.Equal(6, all.Ids.Count);
        Assert.Equal($"{month} credits", all.Ids[0]);
        Assert.Equal(all.Ids, paged);
    }

    [Fact]
    public void A_cursor_comes_back_as_it_went()
    {
        var invoice = new InvoiceCursor(At.AddTicks(10), Ids.New());
        var statement = new StatementCursor(StatementMonth.Of(At), Unit.Usd);

        Assert.Equal(invoice, InvoiceCursor.Parse(invoice.ToString()));
        Assert.Equal(statement, StatementCursor.Parse(statement.ToString()));
        Assert.Null(InvoiceCursor.Parse(statement.ToString()));
        Assert.Null(StatementCursor.Parse(invoice.ToString()));
        Assert.Equal(
            (TransactionQuery.LimitDefault, TransactionQuery.LimitMax), (Paging.LimitDefault, Paging.LimitMax));
    }

    private static async Task<(List<string> Ids, string? Next)> ReadAsync(HttpClient program, string address)
    {
        var answer = JsonDocument.Parse(await program.GetStringAsync(address)).RootElement;
        var rows = answer.EnumerateObject().First().Value.EnumerateArray();
        return (
            [.. rows.Select(row => row.TryGetProperty("id", out var id) ? id.GetString()!
                : $"{row.GetProperty("month")} {row.GetProperty("unit")}")],
            answer.GetProperty("nextCursor").GetString());
    }
}
