using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using BillingPortal.BalanceImport;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using BillingPortal.Tests.Usage;
using BillingPortal.Usage;
using BillingPortal.Web;
using CsvHelper;

namespace BillingPortal.Tests.Fuzz;

/// <summary>Files that somebody sends and files that somebody takes along, with everything that goes wrong in files.</summary>
public sealed class FileFuzzTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Balances =
        "tenant,name,email,plan,time_zone,stripe_customer,balance,auto_recharge,threshold,recharge_amount,monthly_limit\r\n"
        + "northwind,\"Northwind, Traders\",ap@northwind.example,credits,Europe/Berlin,cus_1,1250.5,yes,200,500,300\r\n"
        + "fabrikam,\"He said \"\"no\"\"\",,usd,UTC,,0,no,,,\r\n";

    [Fact]
    public void A_spoilt_file_of_balances_is_read_or_told_and_never_thrown_over()
    {
        for (var number = 0; number < Mutator.Inputs(4_000); number++)
        {
            var mutator = new Mutator(Mutator.Seed + number);
            var text = mutator.Next(3) switch
            {
                0 => Encoding.UTF8.GetString(mutator.Spoil(Encoding.UTF8.GetBytes(Balances))),
                1 => "\uFEFF" + mutator.Spoil(Balances),
                _ => mutator.Spoil(mutator.Spoil(Balances)),
            };
            try
            {
                var (rows, faults) = BalanceFile.Read(new StringReader(text));
                Assert.All(rows, row => Assert.True(row.Balance.E4 >= 0));
                Assert.All(faults, fault => Assert.True(fault.Line >= 1));
            }
            catch (Exception thrown) when (thrown is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"seed {Mutator.Seed + number}: {thrown.GetType().Name}: {thrown.Message}\n{text}");
            }
        }
    }

    [Fact]
    public async Task A_spoilt_file_of_usage_is_counted_line_by_line_and_the_books_add_up()
    {
        var tenant = await TenantAsync();
        var lines = new List<byte[]>();
        for (var number = 0; number < Mutator.Inputs(2_000); number++)
        {
            var mutator = new Mutator(Mutator.Seed + number);
            var like = JsonNode.Parse(
                $$"""
                {"tenant":"fuzzed","service":"email","quantity":1,"reference_id":"mail-{{number}}","occurred_at":"2026-11-20T09:00:00Z",
                 "metadata":{"to":"someone","tags":["a"]} }
                """);
            var line = Encoding.UTF8.GetBytes(mutator.Json(like));
            lines.Add(mutator.Next(4) == 0 ? mutator.Spoil(line) : line);
        }

        lines.Add(Encoding.UTF8.GetBytes(new string('x', 3_000_000)));
        lines.Add(Encoding.UTF8.GetBytes("""{"tenant":"fuzzed","service":"email","quantity":1,"reference_id":"the-last"}"""));
        var file = Path.Combine(Path.GetTempPath(), $"fuzz-{Ids.New():N}.jsonl");
        await File.WriteAllBytesAsync(file, [0xEF, 0xBB, 0xBF, .. lines.SelectMany(line => (byte[])[.. line, (byte)'\n'])]);
        await using var said = new StringWriter();
        try
        {
            var import = new UsageImport(
                postgres.Usage(), replay: null, new TenantReader(postgres.Database), new UsageOptions(), postgres.Clock);
            Assert.Equal(1, await import.RunAsync(file, replays: false, said, CancellationToken.None));
        }
        finally
        {
            File.Delete(file);
        }

        Assert.Contains("malformed", said.ToString(), StringComparison.Ordinal);
        Assert.Empty((await new LedgerAudit(postgres.Database, postgres.Clock).RunAsync(full: true)).Violations);
        await using var unit = await postgres.Database.BeginAsync(tenant.Id);
        await using var last = unit.Command("SELECT count(*) FROM entries WHERE reference = 'the-last'");
        Assert.Equal(1L, await last.ExecuteScalarAsync());
    }

    // Whatever stands in a field: a spreadsheet that opens the file takes it for text, and reads it back as it was.
    [Fact]
    public void No_field_of_a_file_becomes_a_formula()
    {
        for (var number = 0; number < Mutator.Inputs(4_000); number++)
        {
            var mutator = new Mutator(Mutator.Seed + number);
            var fields = Enumerable.Range(0, 4)
                .Select(_ => mutator.Next(2) == 0 ? mutator.Text() : mutator.Spoil("=cmd|'/c calc'!A1")).ToList();
            using var text = new StringWriter();
            using (var writer = new SafeCsvWriter(text))
            {
                fields.ForEach(field => writer.WriteField(field));
                writer.NextRecord();
            }

            using var reader = new CsvParser(new StringReader(text.ToString()), CultureInfo.InvariantCulture);
            Assert.True(reader.Read());
            Assert.Equal(fields.Count, reader.Count);
            for (var column = 0; column < fields.Count; column++)
            {
                var field = reader[column];
                Assert.False(IsFormula(field), $"seed {Mutator.Seed + number}: {field}");
                Assert.EndsWith(fields[column], field, StringComparison.Ordinal);
            }
        }
    }

    private static bool IsFormula(string field) =>
        field.Length > 0 && "=+-@\t\r\n".Contains(field[0], StringComparison.Ordinal) && !decimal.TryParse(
            field, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _);

    private async Task<TestTenant> TenantAsync()
    {
        var tenant = await postgres.TenantWithAsync(credits: 100_000);
        await using var unit = await postgres.Database.BeginOpsAsync();
        unit.Db.Add(new Tenant
        {
            Id = tenant.Id,
            Slug = "fuzzed",
            Name = "fuzzed",
            Plan = Unit.Credits,
            CreatedAt = postgres.Clock.GetUtcNow(),
        });
        await unit.CommitAsync();
        return tenant;
    }
}
