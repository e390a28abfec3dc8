using Npgsql;

namespace BillingPortal.Tests.Security;

/// <summary>Every table of the schema with its columns, as PostgreSQL knows them: what is new today is in it by itself.</summary>
internal sealed class TableCatalogue
{
    private TableCatalogue(IReadOnlyList<Table> tables) => Tables = tables;

    public IReadOnlyList<Table> Tables { get; }

    public IEnumerable<Table> OfTenants => Tables.Where(table => table.HasTenant);

    public static async Task<TableCatalogue> ReadAsync(NpgsqlDataSource owner)
    {
        var columns = new List<(string Table, Column Column)>();
        await using var command = owner.CreateCommand(
            """
            SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attgenerated <> '' OR a.attidentity = 'a',
              EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND a.attnum = ANY (i.indkey)),
              (SELECT f.confrelid::regclass::text FROM pg_constraint f
               WHERE f.conrelid = c.oid AND f.contype = 'f' AND f.conkey = ARRAY[a.attnum] LIMIT 1)
            FROM pg_class c
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
            ORDER BY c.relname, a.attnum
            """);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            columns.Add((reader.GetString(0), new Column(
                reader.GetString(1), reader.GetString(2), reader.GetBoolean(3), reader.GetBoolean(4),
                reader.IsDBNull(5) ? null : reader.GetString(5))));
        }

        return new TableCatalogue(
            [.. columns.GroupBy(one => one.Table, one => one.Column).Select(group => new Table(group.Key, [.. group]))]);
    }

    /// <summary>One table. Values that it makes differ from call to call, so that they fit any unique index.</summary>
    internal sealed record Table(string Name, IReadOnlyList<Column> Columns)
    {
        public bool HasTenant => Columns.Any(column => column.Name == "tenant_id");

        public string Quoted => $"\"{Name}\"";

        public IEnumerable<Column> Key => Columns.Where(column => column.IsKey && column.Name != "tenant_id");

        /// <summary>An INSERT of one row with a value in every column; <paramref name="given"/> are literals.</summary>
        public string Insert(int number, IReadOnlyDictionary<string, string> given)
        {
            var written = Columns.Where(column => !column.IsMade).ToList();
            var values = written.Select(column => given.GetValueOrDefault(column.Name) ?? column.Literal(number));
            return $"""
                INSERT INTO {Quoted} ({string.Join(", ", written.Select(column => $"\"{column.Name}\""))})
                VALUES ({string.Join(", ", values)})
                """;
        }

        public override string ToString() => Name;
    }

    /// <param name="Name">The column's name.</param>
    /// <param name="Type">Its type, as SQL writes it.</param>
    /// <param name="IsMade">PostgreSQL makes the value and takes none.</param>
    /// <param name="IsKey">Part of the primary key.</param>
    /// <param name="Refers">The table that it refers to.</param>
    internal sealed record Column(string Name, string Type, bool IsMade, bool IsKey, string? Refers)
    {
        public string Literal(int number) => Type switch
        {
            _ when Type.EndsWith("[]", StringComparison.Ordinal) => "'{}'",
            "uuid" => $"'{new Guid(number, 0x4a, 0x4b, 8, 1, 2, 3, 4, 5, 6, 7)}'",
            "boolean" => "false",
            "json" or "jsonb" => "'{}'",
            "bytea" => $"decode(lpad(to_hex({number}), 8, '0'), 'hex')",
            "date" => $"date '2026-01-01' + {number}",
            "timestamp with time zone" => $"timestamptz '2026-01-01Z' + interval '1 s' * {number}",
            "interval" => $"interval '1 s' * {number}",
            "bigint" or "integer" or "smallint" or "double precision" or "real" => $"{number}",
            _ when Type.StartsWith("numeric", StringComparison.Ordinal) => $"{number % 100}",
            _ when Type.StartsWith("character", StringComparison.Ordinal) || Type is "text" => Text(number),
            _ => throw new InvalidOperationException($"{Name}: teach this test to make a value of type {Type}."),
        };

        // Short ones stay within their length.
        private string Text(int number)
        {
            var digits = Type.IndexOf('(', StringComparison.Ordinal) is var at and > 0
                ? int.Parse(Type[(at + 1)..^1], System.Globalization.CultureInfo.InvariantCulture)
                : 12;
            var text = $"x{number}";
            return $"'{(text.Length <= digits ? text : text[^digits..])}'";
        }
    }
}
