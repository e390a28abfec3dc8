using System.Text.RegularExpressions;
using BillingPortal.Tests.House;
using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.Nodes;

/// <summary>docs/scaling.md says of every table where it would live with sharded tenants; the catalogue says whether that is so.</summary>
public sealed partial class ScalingDocumentTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    // A unique key must contain the distribution column, and so must a foreign key from a distributed table to another.
    private const string KeysInTheWay =
        """
        SELECT t.relname::text, i.relname::text, '' FROM pg_index x
        JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
        WHERE t.relnamespace = 'public'::regnamespace AND x.indisunique AND NOT EXISTS (
          SELECT FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attnum = ANY (x.indkey::int2[]) AND a.attname = 'tenant_id')
        UNION ALL
        SELECT t.relname::text, k.conname::text, target.relname::text FROM pg_constraint k
        JOIN pg_class t ON t.oid = k.conrelid JOIN pg_class target ON target.oid = k.confrelid
        WHERE k.contype = 'f' AND t.relnamespace = 'public'::regnamespace AND NOT EXISTS (
          SELECT FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attnum = ANY (k.conkey) AND a.attname = 'tenant_id')
        """;

    private const string Tables =
        """
        SELECT t.relname::text, coalesce((SELECT a.attnotnull FROM pg_attribute a
          WHERE a.attrelid = t.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped), false)::text, ''
        FROM pg_class t WHERE t.relnamespace = 'public'::regnamespace AND t.relkind IN ('r', 'p')
        """;

    private static readonly Dictionary<string, (string Kind, string Keys)> Document = Row()
        .Matches(File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "scaling.md")))
        .ToDictionary(
            row => row.Groups["table"].Value, row => (row.Groups["kind"].Value, string.Join(", ", Names(row.Groups["keys"].Value))));

    [Fact]
    public async Task Every_table_is_named_and_only_rows_of_one_tenant_are_distributed()
    {
        var tables = (await ReadAsync(Tables)).ToDictionary(row => row.Item1, row => row.Item2 == "true");

        Assert.Equal(tables.Keys.Order(StringComparer.Ordinal), Document.Keys.Order(StringComparer.Ordinal));
        Assert.Empty(Document.Where(row => row.Value.Kind == "distributed" && !tables[row.Key]).Select(row => row.Key));
    }

    [Fact]
    public async Task The_keys_that_stand_in_the_way_are_those_of_the_catalogue()
    {
        var inTheWay = (await ReadAsync(KeysInTheWay))
            .Where(key => IsDistributed(key.Item3) || (key.Item3.Length == 0 && IsDistributed(key.Item1)))
            .ToLookup(key => key.Item1, key => key.Item2);

        Assert.Equal(
            Document.Keys.Order(StringComparer.Ordinal)
                .Select(table => $"{table}: {string.Join(", ", inTheWay[table].Order(StringComparer.Ordinal))}"),
            Document.OrderBy(row => row.Key, StringComparer.Ordinal).Select(row => $"{row.Key}: {row.Value.Keys}"));
    }

    private static bool IsDistributed(string table) => Document.TryGetValue(table, out var row) && row.Kind == "distributed";

    private static IEnumerable<string> Names(string cell) =>
        Name().Matches(cell).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal);

    private async Task<List<(string, string, string)>> ReadAsync(string sql)
    {
        await using var command = postgres.Database.Ops.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<(string, string, string)>();
        while (await reader.ReadAsync())
        {
            rows.Add((reader.GetString(0), reader.GetString(1), reader.GetString(2)));
        }

        return rows;
    }

    [GeneratedRegex(@"^\| `(?<table>\w+)` \| (?<kind>distributed|reference|local) \|(?<keys>[^|]*)\|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Name();
}
