using System.Text.Json;
using BillingPortal.Kernel;
using BillingPortal.Messaging;
using BillingPortal.Tests.Support;
using Npgsql;

namespace BillingPortal.Tests.Messaging;

/// <summary>
/// A tenant with 200,000 messages beside another one's: figures and filters are answered from an index alone, and
/// pages touch no more messages than they show.
/// </summary>
public sealed class SmsScaleTests(SmsScaleTests.Crowd crowd) : IClassFixture<SmsScaleTests.Crowd>
{
    private const int Messages = 200_000;
    private const string Covering = "ix_sms_messages_tenant_id_created_at_id";
    private readonly PostgresFixture _postgres = crowd.Postgres;
    private readonly Guid _tenantId = crowd.TenantId;

    private SmsFilter All => new(
        _postgres.Clock.GetUtcNow().AddDays(-30), _postgres.Clock.GetUtcNow().AddDays(1), null, null, null, null, null);

    [Fact]
    public async Task Figures_of_a_period_look_at_no_message_only_at_the_index()
    {
        var period = new SmsQuery().Judge(TimeZoneInfo.Utc, _postgres.Clock.GetUtcNow());
        await using var work = await _postgres.Database.BeginAsync(_tenantId);

        var plan = await ExplainAsync(SmsFiguresReader.Sums(
            work, _tenantId, Unit.Credits, "UTC", period, "EXPLAIN (ANALYZE, FORMAT JSON)"));
        var figures = await new SmsFiguresReader(_postgres.Database).ReadAsync(_tenantId, Unit.Credits, "UTC", period);

        Assert.Equal([Covering], plan.Indexes);
        Assert.Contains("Index Only Scan", plan.Nodes);
        Assert.Equal((Messages, Messages / 1000), (figures.Total.Sent, figures.Total.Failed));
        Assert.Equal(Amount.Credits(5) * (Messages - (Messages / 1000)), figures.Total.Spent);
    }

    [Fact]
    public async Task A_page_deep_in_the_past_reads_as_many_rows_as_it_shows()
    {
        var before = new SmsCursor(_postgres.Clock.GetUtcNow().AddDays(-20), Guid.Empty);

        var plan = await ExplainFindAsync(All, before);

        Assert.Equal([Covering], plan.Indexes);
        Assert.Contains("Index Only Scan", plan.Nodes);
        Assert.DoesNotContain("Sort", plan.Nodes);
        Assert.InRange(plan.RowsRead, 51, 52);
    }

    [Fact]
    public async Task One_message_to_another_country_among_all_is_found_by_the_index_alone()
    {
        var filter = All with { Country = "DE" };

        var plan = await ExplainFindAsync(filter, before: null);
        var page = await new SmsReader(_postgres.Database).PageAsync(_tenantId, filter, before: null, limit: 50);

        Assert.StartsWith("Your appointment number 70000,", Assert.Single(page.Rows).Message.Body, StringComparison.Ordinal);
        Assert.Contains("Index Only Scan", plan.Nodes);
    }

    [Fact]
    public async Task A_whole_number_of_the_other_side_has_an_index_of_its_own()
    {
        var plan = await ExplainFindAsync(All with { Text = "+1 (202) 556-0042" }, before: null);

        Assert.Equal(["ix_sms_messages_peer"], plan.Indexes);
        Assert.InRange(plan.RowsRead, 20, 21);
    }

    [Fact]
    public async Task A_text_is_looked_for_in_a_bounded_number_of_messages_and_then_further_back()
    {
        var reader = new SmsReader(_postgres.Database);
        var filter = All with { Text = "number 76544" };

        var pages = 0;
        SmsCursor? next = null;
        SmsList page;
        do
        {
            page = await reader.PageAsync(_tenantId, filter, next, limit: 50);
            (next, pages) = (page.Next, pages + 1);
        }
        while (page.Rows.Count == 0 && next is not null);

        Assert.StartsWith("Your appointment number 76544,", Assert.Single(page.Rows).Message.Body, StringComparison.Ordinal);
        Assert.Equal((123_456 / SmsReader.SearchedPerPage) + 1, pages);
    }

    private async Task<Plan> ExplainFindAsync(SmsFilter filter, SmsCursor? before)
    {
        await using var work = await _postgres.Database.BeginAsync(_tenantId);
        return await ExplainAsync(SmsListSql.Find(
            work, _tenantId, filter, before, until: null, limit: 51, "EXPLAIN (ANALYZE, FORMAT JSON)"));
    }

    private static async Task<Plan> ExplainAsync(NpgsqlCommand command)
    {
        await using (command)
        {
            // One tenant has nearly all of this table, so that reading it whole is tempting; asked is what the index can do.
            await using var prefer = new NpgsqlCommand(
                "SET LOCAL enable_seqscan = off", command.Connection, command.Transaction);
            await prefer.ExecuteNonQueryAsync();
            var json = (string)(await command.ExecuteScalarAsync())!;
            var plan = new Plan();
            plan.Add(JsonDocument.Parse(json).RootElement[0].GetProperty("Plan"));
            return plan;
        }
    }

    /// <summary>The messages of all tests here, written once.</summary>
    public sealed class Crowd : IAsyncLifetime
    {
        public PostgresFixture Postgres { get; } = new();

        public Guid TenantId { get; private set; }

        // Thirty days; every thousandth failed, one went to Germany; written by the database itself, which is faster.
        public async ValueTask InitializeAsync()
        {
            await Postgres.InitializeAsync();
            TenantId = (await Postgres.TenantWithAsync()).Id;
            var stranger = await Postgres.TenantWithAsync();
            // Rows whose commit is not on disk yet cannot be marked as visible to all.
            await using var owner = NpgsqlDataSource.Create($"{Postgres.Connections.Owner};Options=-c synchronous_commit=on");
            await using var still = owner.CreateCommand("ALTER TABLE sms_messages SET (autovacuum_enabled = false)");
            await still.ExecuteNonQueryAsync(); // no other counting than the one below
            foreach (var (tenant, count) in new[] { (TenantId, Messages), (stranger.Id, 20_000) })
            {
                await using var write = owner.CreateCommand(
                    """
                    INSERT INTO sms_messages (id, tenant_id, direction, number, peer, country, body, segments, state, payment, unit,
                      price_e4, entry_seq, created_at, updated_at)
                    SELECT gen_random_uuid(), $1, 'outbound', '+1202555010' || n % 5, '+1202556' || lpad((n % 10000)::text, 4, '0'),
                      CASE WHEN n = 70000 THEN 'DE' ELSE 'US' END, 'Your appointment number ' || n || repeat(', please be in time', 5), 1,
                      CASE WHEN n % 1000 = 0 THEN 'failed' ELSE 'delivered' END,
                      CASE WHEN n % 1000 = 0 THEN 'refunded' ELSE 'charged' END, 'credits', 50000, n,
                      $2 - ($3::int - n) * interval '12 seconds', $2 FROM generate_series(1, $3::int) n
                    """);
                write.Parameters.Add(new() { Value = tenant });
                write.Parameters.Add(new() { Value = Postgres.Clock.GetUtcNow() });
                write.Parameters.Add(new() { Value = count });
                await write.ExecuteNonQueryAsync();
            }

            await using var vacuum = owner.CreateCommand("VACUUM ANALYZE sms_messages");
            await vacuum.ExecuteNonQueryAsync();
            // What a vacuum may mark depends on every other transaction of the moment; the planner is told what it
            // finds in a table that has been there for a while.
            await using var settled = owner.CreateCommand(
                "UPDATE pg_class SET relallvisible = relpages WHERE oid = 'sms_messages'::regclass");
            await settled.ExecuteNonQueryAsync();
        }

        public ValueTask DisposeAsync() => Postgres.DisposeAsync();
    }

    /// <summary>What PostgreSQL says it did.</summary>
    private sealed class Plan
    {
        public List<string> Nodes { get; } = [];

        public List<string> Indexes { get; } = [];

        public double RowsRead { get; private set; }

        public void Add(JsonElement node)
        {
            Nodes.Add(node.GetProperty("Node Type").GetString()!);
            if (node.TryGetProperty("Index Name", out var index))
            {
                Indexes.Add(index.GetString()!);
                RowsRead += node.GetProperty("Actual Rows").GetDouble() * node.GetProperty("Actual Loops").GetDouble();
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
