using System.Text.Json;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Tests.Support;
using BillingPortal.Wallet;

namespace BillingPortal.Tests.Wallet;

/// <summary>
/// Books of 200,000 entries among others: every read walks the primary key, and only where something can match.
/// </summary>
public sealed class TransactionScaleTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private const int Entries = 200_000;
    private Guid _tenantId;

    private EntryDays Days => new(postgres.Database);

    private TransactionReader Transactions => new(postgres.Database, Days);

    // 100 days of 2,000 calls each; one top-up on day 3 and one on day 90.
    public async ValueTask InitializeAsync()
    {
        var tenant = await postgres.TenantWithAsync();
        _tenantId = tenant.Id;
        var start = postgres.Clock.GetUtcNow().AddDays(-100);
        await TestBooks.WriteAsync(postgres.Connections, tenant.Id, Unit.Credits, [.. Enumerable.Range(0, Entries).Select(n =>
            n is 6_000 or 180_000
                ? new Line(start.AddDays(n / 2_000d), Amount.Credits(900_000), EntryKind.Purchase, Service: null)
                : new Line(start.AddDays(n / 2_000d), Amount.Credits(n < 6_000 ? 1 : -1), Reference: $"CA{n:x8}"))]);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_page_deep_in_the_books_walks_the_primary_key()
    {
        var filter = TransactionFilter.All(Unit.Credits);

        var plan = await ExplainAsync(filter, [new SeqRange(1, 100_000)]);

        Assert.Equal(["pk_entries"], plan.Indexes);
        Assert.DoesNotContain("Seq Scan", plan.Nodes);
        Assert.InRange(plan.RowsRead, 50, 60);
    }

    [Fact]
    public async Task Two_top_ups_among_all_these_calls_are_found_without_reading_the_calls()
    {
        var filter = TransactionFilter.All(Unit.Credits) with { Kinds = [EntryKind.Purchase] };
        await Days.FoldAsync(_tenantId, Unit.Credits, "UTC");

        var page = await Transactions.PageAsync(_tenantId, "UTC", filter, before: null, limit: 50);
        var plan = await ExplainAsync(filter, [new SeqRange(180_001, 180_001), new SeqRange(6_001, 6_001)]);

        Assert.Equal([180_001L, 6_001L], page.Rows.Select(row => row.Seq));
        Assert.Equal(["pk_entries"], plan.Indexes);
        Assert.Equal(2, plan.RowsRead);
    }

    [Fact]
    public async Task Sums_of_all_the_books_come_from_the_folded_days()
    {
        var totals = await Transactions.TotalsAsync(_tenantId, "UTC", TransactionFilter.All(Unit.Credits));

        Assert.Equal((Entries, Amount.Credits(1_806_000)), (totals.Count, totals.In));
        await using var work = await postgres.Database.BeginAsync(_tenantId);
        await using var mark = work.Command("SELECT through_seq FROM entry_day_marks WHERE tenant_id = $1", _tenantId);
        Assert.Equal((long)Entries, await mark.ExecuteScalarAsync());
    }

    [Fact]
    public async Task A_text_that_is_nowhere_ends_after_all_was_looked_through()
    {
        var filter = TransactionFilter.All(Unit.Credits) with { Text = "not there" };

        var page = await Transactions.PageAsync(_tenantId, "UTC", filter, before: null, limit: 50);
        var totals = await Transactions.TotalsAsync(_tenantId, "UTC", filter);

        Assert.Empty(page.Rows);
        Assert.Null(page.Next);
        Assert.Equal((0, true), (totals.Count, totals.IsComplete));
    }

    private async Task<Plan> ExplainAsync(TransactionFilter filter, SeqRange[] runs)
    {
        await using var owner = Npgsql.NpgsqlDataSource.Create(postgres.Connections.Owner);
        await using (var analyze = owner.CreateCommand("ANALYZE entries"))
        {
            await analyze.ExecuteNonQueryAsync();
        }

        await using var work = await postgres.Database.BeginAsync(_tenantId);
        await using var command = TransactionSql.Rows(work, _tenantId, filter, runs, 51,
            "EXPLAIN (ANALYZE, FORMAT JSON)");
        var json = (string)(await command.ExecuteScalarAsync())!;
        var plan = new Plan();
        plan.Add(JsonDocument.Parse(json).RootElement[0].GetProperty("Plan"));
        return plan;
    }

    /// <summary>What PostgreSQL says it did with the entries.</summary>
    private sealed class Plan
    {
        public List<string> Nodes { get; } = [];

        public List<string> Indexes { get; } = [];

        /// <summary>Rows that the index scans touched, kept or thrown away.</summary>
        public double RowsRead { get; private set; }

        public void Add(JsonElement node)
        {
            Nodes.Add(node.GetProperty("Node Type").GetString()!);
            if (node.TryGetProperty("Index Name", out var index))
            {
                Indexes.Add(index.GetString()!);
                var removed = node.TryGetProperty("Rows Removed by Filter", out var rows) ? rows.GetDouble() : 0;
                RowsRead += (node.GetProperty("Actual Rows").GetDouble() + removed) * node.GetProperty("Actual Loops").GetDouble();
            }

            if (node.TryGetProperty("Plans", out var children))
            {
                foreach (var child in children.EnumerateArray())
                {
                    Add(child);
                }
            }
        }
    }
}
