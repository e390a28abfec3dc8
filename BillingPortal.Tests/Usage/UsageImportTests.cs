using BillingPortal.Kernel;
using BillingPortal.Tenants;
using BillingPortal.Tests.House;
using BillingPortal.Tests.Support;
using BillingPortal.Usage;

namespace BillingPortal.Tests.Usage;

/// <summary>Files become usage: counted, told, safe to repeat.</summary>
public sealed class UsageImportTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Every_kind_of_line_is_counted_and_the_wrong_ones_are_told()
    {
        var acme = await TenantAsync("acme", credits: 100);

        var (code, output) = await ImportAsync(Path.Combine(SourceTree.Root, "samples", "malformed.jsonl"));

        Assert.Equal(1, code);
        Assert.Contains("14 lines: 2 posted, 1 duplicate, 0 insufficient, 11 malformed", output, StringComparison.Ordinal);
        Assert.Contains("Malformed: line 3: the line is not one JSON object", output, StringComparison.Ordinal);
        Assert.Contains("Malformed: line 5: tenant must be the short name (slug) of a tenant", output, StringComparison.Ordinal);
        Assert.Contains("Malformed: line 12: fax is not offered on the credits plan", output, StringComparison.Ordinal);
        await acme.AssertBooksBalanceAsync(expected: 98);
    }

    // 1,200 events of two tenants, interleaved; one of them runs out after 1,000 credits.
    [Fact]
    public async Task Several_tenants_keep_their_order_and_what_does_not_fit_is_counted()
    {
        var (one, two) = (await TenantAsync("one", credits: 5_000), await TenantAsync("two", credits: 0.5m));
        var file = await FileAsync(Enumerable.Range(0, 1_200).Select(i => Line(i % 2 == 0 ? "one" : "two", i)));

        var (code, output) = await ImportAsync(file);

        Assert.Equal(0, code);
        Assert.Contains("1,200 lines: 600 posted, 0 duplicate, 600 insufficient, 0 malformed", output, StringComparison.Ordinal);
        Assert.Contains("Insufficient: line 2: mail-1 takes 1 credits, available are 0.5 credits", output, StringComparison.Ordinal);
        Assert.Contains("Insufficient: … and 580 more", output, StringComparison.Ordinal);
        await one.AssertBooksBalanceAsync(expected: 4_400);
        await two.AssertBooksBalanceAsync(expected: 0.5m);
        await using var unit = await postgres.Database.BeginAsync(one.Id);
        await using var inOrder = unit.Command(
            """
            SELECT bool_and(seq = n + 1)
            FROM (SELECT seq, row_number() OVER (ORDER BY occurred_at) AS n FROM entries WHERE seq > 1) AS e
            """);
        Assert.Equal(true, await inOrder.ExecuteScalarAsync());
    }

    [Fact]
    public async Task A_second_import_posts_only_what_is_new()
    {
        var tenant = await TenantAsync("again", credits: 1_000);
        var file = await FileAsync(Enumerable.Range(0, 700).Select(i => Line("again", i)));
        await ImportAsync(file);
        await File.AppendAllLinesAsync(file, [Line("again", 700)]);

        var (code, output) = await ImportAsync(file);

        Assert.Equal(0, code);
        Assert.Contains("701 lines: 1 posted, 700 duplicate, 0 insufficient, 0 malformed", output, StringComparison.Ordinal);
        await tenant.AssertBooksBalanceAsync(expected: 299);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_said()
    {
        var (code, output) = await ImportAsync("/nowhere/usage.jsonl");

        Assert.Equal((2, "import-usage: there is no file /nowhere/usage.jsonl."), (code, output.Trim()));
    }

    [Fact]
    public async Task A_replay_without_the_sandbox_is_refused()
    {
        var console = new StringWriter();
        var file = await FileAsync([]);

        Assert.Equal(2, await Import().RunAsync(file, replays: true, console, CancellationToken.None));
        Assert.Contains("--replay moves the sandbox's clock", console.ToString(), StringComparison.Ordinal);
    }

    private UsageImport Import() =>
        new(postgres.Usage(), replay: null, new TenantReader(postgres.Database), new UsageOptions(), postgres.Clock);

    private async Task<(int Code, string Output)> ImportAsync(string file)
    {
        var console = new StringWriter();
        return (await Import().RunAsync(file, replays: false, console, CancellationToken.None), console.ToString());
    }

    private async Task<TestTenant> TenantAsync(string slug, decimal credits)
    {
        var tenant = await postgres.TenantWithAsync(credits: credits);
        await using var unit = await postgres.Database.BeginOpsAsync();
        unit.Db.Add(new Tenant
        {
            Id = tenant.Id,
            Slug = slug,
            Name = slug,
            Plan = Unit.Credits,
            CreatedAt = postgres.Clock.GetUtcNow(),
        });
        await unit.CommitAsync();
        return tenant;
    }

    private static string Line(string tenant, int i)
    {
        var at = $"2026-11-20T{i / 60 % 24:00}:{i % 60:00}:00Z";
        return $$"""{"tenant":"{{tenant}}","service":"email","quantity":1,"reference_id":"mail-{{i}}","occurred_at":"{{at}}"}""";
    }

    private static async Task<string> FileAsync(IEnumerable<string> lines)
    {
        var file = Path.Combine(Path.GetTempPath(), $"usage-{Ids.New():N}.jsonl");
        await File.WriteAllLinesAsync(file, lines);
        return file;
    }
}
