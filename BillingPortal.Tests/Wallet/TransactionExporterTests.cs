using System.Text;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Tests.Support;
using BillingPortal.Wallet;

namespace BillingPortal.Tests.Wallet;

public sealed class TransactionExporterTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Header =
        "id,occurred_at,posted_at,kind,service,amount,unit,balance_before,balance_after,reference,description,cause_type,cause_id";

    // Opened in a spreadsheet, "=HYPERLINK(…)" in a reference would run; −5 in a column of figures must stay a figure.
    [Fact]
    public async Task Texts_cannot_become_formulas_and_figures_stay_figures()
    {
        var lines = await ExportAsync(
            NewLine(100, reference: "plain"),
            NewLine(-5, reference: "=HYPERLINK(\"http://evil\")"),
            NewLine(-0.375m, reference: "@SUM(A1)"),
            NewLine(-1, reference: "-2+3"),
            NewLine(1, reference: "a,\"b\""));

        Assert.Equal(Header, lines[0]);
        Assert.EndsWith(",usage,voice,1,credits,93.625,94.625,\"a,\"\"b\"\"\",Voice calls,test,", lines[1],
            StringComparison.Ordinal);
        Assert.Contains(",-1,credits,94.625,93.625,\"'-2+3\",", lines[2], StringComparison.Ordinal);
        Assert.Contains(",-0.375,credits,95,94.625,\"'@SUM(A1)\",", lines[3], StringComparison.Ordinal);
        Assert.Contains(",-5,credits,100,95,\"'=HYPERLINK(\"\"http://evil\"\")\",", lines[4], StringComparison.Ordinal);
        Assert.StartsWith("credits-1,2026-11-20T12:00:00.000Z,", lines[5], StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_pages_are_written_once_and_newest_first()
    {
        var lines = await ExportAsync([.. Enumerable.Range(0, 2_345).Select(_ => NewLine(1))]);

        Assert.Equal(
            Enumerable.Range(1, 2_345).Reverse().Select(seq => $"credits-{seq}"), lines.Skip(1).Select(line => line.Split(',')[0]));
    }

    private async Task<string[]> ExportAsync(params Line[] entries)
    {
        var tenant = await postgres.TenantWithAsync();
        await TestBooks.WriteAsync(postgres.Connections, tenant.Id, Unit.Credits, entries);
        var exporter = new TransactionExporter(new TransactionReader(postgres.Database,
            new EntryDays(postgres.Database)));
        using var file = new MemoryStream();
        await exporter.WriteAsync(file, tenant.Id, "Europe/Berlin", TransactionFilter.All(Unit.Credits));
        return Encoding.UTF8.GetString(file.ToArray()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
    }

    private Line NewLine(decimal amount, string? reference = null) =>
        new(postgres.Clock.GetUtcNow(), Amount.Credits(amount), Reference: reference);
}
