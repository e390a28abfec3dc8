using System.Text;
using BillingPortal.Kernel;

namespace BillingPortal.Tests.Security;

/// <summary>
/// Row-level security, asked in plain SQL from the roles that the portal itself uses. The tables come from the catalogue: a new one is
/// probed without a line here.
/// </summary>
public sealed class RowLevelSecurityTests(TwoTenantsFixture two) : IClassFixture<TwoTenantsFixture>
{
    private const string Denied = "42501";
    private const string ReadOnly = "25006";

    [Fact]
    public async Task A_tenants_session_finds_its_own_rows_and_none_of_another_tenants()
    {
        var wrong = new Findings();
        await using var session = await AttackerSession.OpenAsync(two.App, two.Attacker);
        foreach (var table in two.Catalogue.OfTenants)
        {
            var own = await session.TryAsync($"SELECT count(*) FROM {table.Quoted}");
            wrong.Unless(own is "=1" or Denied, table, "own rows", own);
            foreach (var lookup in Lookups(table))
            {
                var found = await session.TryAsync(lookup);
                wrong.Unless(found is "=0" or Denied, table, lookup, found);
            }
        }

        wrong.AssertNone();
    }

    [Fact]
    public async Task Nothing_of_another_tenant_can_be_changed_taken_or_given()
    {
        var before = await two.VictimsRowsAsync();
        var wrong = new Findings();
        await using var session = await AttackerSession.OpenAsync(two.App, two.Attacker);
        foreach (var table in two.Catalogue.OfTenants)
        {
            // Hers touched: no row. His made hers, or made under her name: refused.
            string[] untouched =
            [
                $"UPDATE {table.Quoted} SET tenant_id = tenant_id WHERE tenant_id = '{two.Victim}'",
                $"UPDATE {table.Quoted} SET tenant_id = '{two.Attacker}' WHERE tenant_id = '{two.Victim}'",
                $"DELETE FROM {table.Quoted} WHERE tenant_id = '{two.Victim}'",
                $"SELECT 1 FROM {table.Quoted} WHERE tenant_id = '{two.Victim}' FOR UPDATE",
            ];
            foreach (var statement in untouched)
            {
                var answer = await session.TryAsync(statement);
                wrong.Unless(answer is "0 rows" or Denied, table, statement, answer);
            }

            string[] refused =
            [
                $"UPDATE {table.Quoted} SET tenant_id = '{two.Victim}'",
                table.Insert(50_000, TwoTenantsFixture.Of(two.Victim)),
                $"TRUNCATE {table.Quoted}",
                $"ALTER TABLE {table.Quoted} DISABLE ROW LEVEL SECURITY",
                $"DROP POLICY tenant_isolation ON {table.Quoted}",
                $"CREATE POLICY open ON {table.Quoted} USING (true)",
                $"CREATE TRIGGER t AFTER INSERT ON {table.Quoted} EXECUTE FUNCTION keep_an_owner()",
            ];
            foreach (var statement in refused)
            {
                var answer = await session.TryAsync(statement);
                wrong.Unless(answer is Denied, table, statement, answer);
            }
        }

        wrong.AssertNone();
        Assert.Equal(before, await two.VictimsRowsAsync());
    }

    // A key that another tenant's row has already: nothing of that row is changed, shown or taken over.
    [Fact]
    public async Task A_row_with_another_tenants_key_neither_takes_it_over_nor_shows_it()
    {
        var wrong = new Findings();
        await using var session = await AttackerSession.OpenAsync(two.App, two.Attacker);
        foreach (var table in two.Catalogue.OfTenants.Where(table => table.Key.Any() && !table.Key.Any(column => column.IsMade)))
        {
            var same = table.Key.ToDictionary(column => column.Name, column => column.Literal(two.VictimsNumbers[table.Name]));
            same["tenant_id"] = $"'{two.Attacker}'";
            var key = string.Join(", ", table.Columns.Where(column => column.IsKey).Select(column => $"\"{column.Name}\""));
            var takeOver = await session.TryAsync($"""
                {table.Insert(60_000, same)}
                ON CONFLICT ({key}) DO UPDATE SET tenant_id = '{two.Attacker}' RETURNING tenant_id
                """);
            // Where the tenant is part of the key it is simply another row.
            var isOwn = table.Columns.Any(column => column is { IsKey: true, Name: "tenant_id" }) && takeOver == $"={two.Attacker}";
            wrong.Unless(isOwn || takeOver is Denied, table, "ON CONFLICT DO UPDATE", takeOver);
        }

        wrong.AssertNone();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("SET app.tenant_id = ''")]
    [InlineData("RESET app.tenant_id")]
    [InlineData("RESET ALL")]
    [InlineData("DISCARD ALL")]
    public async Task Without_a_tenant_there_are_no_rows(string? statement)
    {
        var wrong = new Findings();
        await using var session = await AttackerSession.OpenAsync(two.App, statement is null ? null : two.Victim);
        await session.DoAsync(statement ?? "SELECT 1");
        foreach (var table in two.Catalogue.OfTenants)
        {
            var all = $"SELECT count(*) FROM {table.Quoted}";
            foreach (var sql in (string[])[all, $"{all} WHERE tenant_id IS NULL"])
            {
                var answer = await session.TryAsync(sql);
                wrong.Unless(answer is "=0" or Denied, table, sql, answer);
            }

            var made = await session.TryAsync(table.Insert(70_000, TwoTenantsFixture.Of(two.Victim)));
            wrong.Unless(made is Denied, table, "INSERT", made);
        }

        wrong.AssertNone();
    }

    [Fact]
    public async Task A_tenant_that_is_no_tenant_is_an_error_and_no_rows()
    {
        await using var session = await AttackerSession.OpenAsync(two.App, tenantId: null);
        foreach (var nonsense in (string[])["%", "*", "' OR true --", $"{two.Victim}x", "00000000"])
        {
            await session.DoAsync($"SELECT set_config('app.tenant_id', $x${nonsense}$x$, false)");
            Assert.Equal("22P02", await session.TryAsync("SELECT count(*) FROM purchases"));
        }
    }

    [Fact]
    public async Task Copy_gives_and_takes_no_more_than_other_statements()
    {
        var wrong = new Findings();
        foreach (var table in two.Catalogue.OfTenants)
        {
            await using var session = await AttackerSession.OpenAsync(two.App, two.Attacker);
            var failure = await Record.ExceptionAsync(async () =>
            {
                var rows = await session.CopyOutAsync($"COPY {table.Quoted} TO STDOUT");
                wrong.Unless(!rows.Contains($"{two.Victim}", StringComparison.Ordinal), table, "COPY TO", rows);
            });
            wrong.Unless(failure is null or Npgsql.PostgresException { SqlState: Denied }, table, "COPY TO", $"{failure?.Message}");
            var taken = await session.TryAsync($"COPY {table.Quoted} FROM '/etc/passwd'");
            wrong.Unless(taken is Denied or "0A000", table, "COPY FROM", taken);
        }

        wrong.AssertNone();
    }

    // A plan that was made for one tenant serves the next one.
    [Fact]
    public async Task A_prepared_statement_follows_the_tenant_and_forgets_the_last_one()
    {
        await using var session = await AttackerSession.OpenAsync(two.App, two.Attacker);
        await session.DoAsync(
            "SET plan_cache_mode = force_generic_plan; PREPARE mine AS SELECT string_agg(tenant_id::text, ',') FROM purchases");
        Assert.Equal($"={two.Attacker}", await session.TryAsync("EXECUTE mine"));
        await session.DoAsync("RESET app.tenant_id");
        Assert.Equal("=", await session.TryAsync("EXECUTE mine"));
    }

    [Fact]
    public async Task Who_only_looks_changes_nothing_whatever_is_asked_for()
    {
        var wrong = new Findings();
        await using var session = await AttackerSession.OpenAsync(two.App, two.Attacker);

        // As Database.BeginAsync begins a look: read-only, then a first statement.
        async Task<string> TryAsync(string sql) =>
            await session.TryAsync($"SET TRANSACTION READ ONLY; SELECT set_config('app.tenant_id', '{two.Attacker}', true); {sql}");

        foreach (var table in two.Catalogue.OfTenants)
        {
            string[] statements =
            [
                $"UPDATE {table.Quoted} SET tenant_id = tenant_id",
                $"DELETE FROM {table.Quoted}",
                table.Insert(1, TwoTenantsFixture.Of(two.Attacker)),
            ];
            foreach (var statement in statements)
            {
                var answer = await TryAsync(statement);
                wrong.Unless(answer is ReadOnly or Denied, table, statement, answer);
            }
        }

        wrong.AssertNone();
        Assert.Equal("25001", await TryAsync("SET TRANSACTION READ WRITE"));
        Assert.Equal(ReadOnly, await TryAsync($"SELECT ledger_set_recharge_below('{two.Attacker}', 'credits', 1, now())"));
        Assert.Equal(ReadOnly, await TryAsync("CREATE VIEW pg_temp.v AS SELECT 1"));
    }

    [Fact]
    public async Task The_operator_sees_every_tenant_where_it_may_read_at_all()
    {
        var wrong = new Findings();
        await using var session = await AttackerSession.OpenAsync(two.Ops, tenantId: null);
        foreach (var table in two.Catalogue.OfTenants)
        {
            var answer = await session.TryAsync($"SELECT count(*) FROM {table.Quoted}");
            wrong.Unless(answer is "=2", table, "rows", answer);
        }

        wrong.AssertNone();
    }

    // By tenant, by the key itself, and by what a filter's side effects would tell of rows it never should see.
    private IEnumerable<string> Lookups(TableCatalogue.Table table)
    {
        var number = two.VictimsNumbers[table.Name];
        yield return $"SELECT count(*) FROM {table.Quoted} WHERE tenant_id = '{two.Victim}'";
        yield return $"SELECT count(*) FROM {table.Quoted} WHERE tenant_id <> '{two.Attacker}' OR tenant_id IS NULL";
        yield return $"SELECT count(*) FROM {table.Quoted} WHERE 1 / (CASE tenant_id WHEN '{two.Victim}' THEN 0 ELSE 1 END) = 0";
        if (table.Key.FirstOrDefault(column => !column.IsMade) is { } key)
        {
            yield return $"SELECT count(*) FROM {table.Quoted} WHERE \"{key.Name}\" = {key.Literal(number)}";
        }
    }

    /// <summary>All that is wrong, told at once.</summary>
    private sealed class Findings
    {
        private readonly StringBuilder _text = new();

        public void Unless(bool isRight, TableCatalogue.Table table, string what, string answer)
        {
            if (!isRight)
            {
                _text.AppendLine(null, $"{table}: {answer} to {what}");
            }
        }

        public void AssertNone() => Assert.True(_text.Length == 0, _text.ToString());
    }
}
