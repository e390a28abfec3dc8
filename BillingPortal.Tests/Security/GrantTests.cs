using System.Text;
using BillingPortal.Tests.House;

namespace BillingPortal.Tests.Security;

/// <summary>
/// docs/database-grants.md against the database: who may do what with every table, view, sequence and function. A right that nobody
/// wrote down fails, and so does one that is written down and not there.
/// </summary>
public sealed class GrantTests(TwoTenantsFixture two) : IClassFixture<TwoTenantsFixture>
{
    private static readonly string Document = Path.Combine(SourceTree.Root, "docs", "database-grants.md");

    private const string Objects =
        """
        SELECT format('| `%s` | %s | %s | %s | %s |', name, kind, app, ops, ledger) FROM (
          SELECT CASE n.nspname WHEN 'public' THEN '' ELSE n.nspname || '.' END || c.relname AS name,
            CASE c.relkind WHEN 'v' THEN 'view' WHEN 'S' THEN 'sequence' ELSE
              CASE WHEN EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped)
                THEN 'own rows' WHEN c.relrowsecurity THEN 'own row' ELSE 'no tenant' END END AS kind,
            (SELECT array_agg(coalesce((
               SELECT string_agg(
                 CASE WHEN c.relkind = 'S' THEN CASE WHEN has_sequence_privilege(r.role, c.oid, p.name) THEN lower(p.name) END
                      WHEN has_table_privilege(r.role, c.oid, p.name) THEN lower(p.name)
                      WHEN p.is_column AND has_any_column_privilege(r.role, c.oid, p.name) THEN lower(p.name) || ' of '
                        || (SELECT string_agg(a.attname, ' ' ORDER BY a.attname) FROM pg_attribute a
                            WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                              AND has_column_privilege(r.role, c.oid, a.attnum, p.name)) END, ', ' ORDER BY p.ord)
               FROM (VALUES (1, 'SELECT', true, false), (2, 'INSERT', true, false), (3, 'UPDATE', true, false),
                            (4, 'DELETE', false, false), (5, 'TRUNCATE', false, false), (6, 'REFERENCES', true, false),
                            (7, 'TRIGGER', false, false), (8, 'USAGE', false, true)) AS p (ord, name, is_column, is_sequence)
               WHERE (c.relkind = 'S') = p.is_sequence OR (c.relkind = 'S' AND p.name IN ('SELECT', 'UPDATE'))), '–') ORDER BY r.ord)
             FROM (VALUES (1, 'portal_app'), (2, 'portal_ops'), (3, 'ledger_owner')) AS r (ord, role)) AS rights
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname NOT LIKE 'pg\_temp%'
            AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
        ) AS x, LATERAL (SELECT rights[1] AS app, rights[2] AS ops, rights[3] AS ledger) AS y
        ORDER BY name
        """;

    private const string Functions =
        """
        SELECT format('| `%s` | %s | %s | %s |', p.oid::regprocedure, CASE WHEN p.prosecdef THEN o.rolname ELSE 'its caller' END,
          CASE WHEN has_function_privilege('portal_app', p.oid, 'EXECUTE') THEN 'yes' ELSE '–' END,
          CASE WHEN has_function_privilege('portal_ops', p.oid, 'EXECUTE') THEN 'yes' ELSE '–' END)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_roles o ON o.oid = p.proowner
        WHERE n.nspname NOT IN ('pg_catalog', 'information_schema')
          AND (has_function_privilege('portal_app', p.oid, 'EXECUTE') OR has_function_privilege('portal_ops', p.oid, 'EXECUTE'))
        ORDER BY 1
        """;

    private const string Keys =
        """
        SELECT format('| `%s` | `%s` |', c.relname, x.relname)
        FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid
        JOIN pg_attribute t ON t.attrelid = c.oid AND t.attname = 'tenant_id' AND NOT t.attisdropped
        WHERE i.indisunique AND NOT t.attnum = ANY (i.indkey) AND has_table_privilege('portal_app', c.oid, 'INSERT')
        ORDER BY 1
        """;

    [Fact]
    public async Task The_document_says_what_each_role_may_do()
    {
        var written = (await File.ReadAllLinesAsync(Document)).Where(line => line.StartsWith("| `", StringComparison.Ordinal)).ToList();
        var real = new List<string>();
        foreach (var sql in (string[])[Objects, Functions, Keys])
        {
            real.AddRange(await ReadAsync(sql));
        }

        var difference = new StringBuilder();
        foreach (var line in written.Except(real))
        {
            difference.AppendLine(null, $"- {line}");
        }

        foreach (var line in real.Except(written))
        {
            difference.AppendLine(null, $"+ {line}");
        }

        Assert.True(difference.Length == 0, $"docs/database-grants.md (-) is not what the database says (+):\n{difference}");
    }

    [Fact]
    public async Task Nobody_but_the_ledger_writes_the_books()
    {
        var ledger = (string[])["accounts", "entries", "debt_entries", "holds", "hold_extensions"];
        var lines = await ReadAsync(Objects);
        foreach (var line in lines.Where(line => ledger.Any(table => line.StartsWith($"| `{table}` ", StringComparison.Ordinal))))
        {
            var cells = line.Split('|', StringSplitOptions.TrimEntries);
            Assert.Equal(("select", "select"), (cells[3], cells[4]));
            Assert.DoesNotContain("delete", cells[5], StringComparison.Ordinal);
        }
    }

    private async Task<List<string>> ReadAsync(string sql)
    {
        var lines = new List<string>();
        await using var command = two.Owner.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            lines.Add(reader.GetString(0));
        }

        return lines;
    }
}
