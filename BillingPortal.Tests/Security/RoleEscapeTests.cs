using BillingPortal.Kernel;

namespace BillingPortal.Tests.Security;

/// <summary>
/// Ways out of a role: another role, another's rights, another path to a name, the server's files, and what refusals tell.
/// </summary>
public sealed class RoleEscapeTests(TwoTenantsFixture two) : IClassFixture<TwoTenantsFixture>
{
    private const string Denied = "42501";

    public static TheoryData<string> Escapes => new(
        "SET ROLE portal_owner", "SET ROLE ledger_owner", "SET ROLE portal_admin",
        "SET SESSION AUTHORIZATION portal_admin", "SET session_replication_role = replica",
        "ALTER ROLE CURRENT_USER BYPASSRLS", "ALTER ROLE CURRENT_USER SUPERUSER", "CREATE ROLE mine LOGIN",
        "GRANT portal_owner TO CURRENT_USER", "GRANT ledger_owner TO CURRENT_USER", "GRANT pg_read_all_data TO CURRENT_USER",
        "ALTER TABLE entries OWNER TO CURRENT_USER", "ALTER FUNCTION ledger_check_tenants(uuid[]) OWNER TO CURRENT_USER",
        "CREATE OR REPLACE FUNCTION ledger_check_tenants(p_tenant_ids uuid[]) RETURNS void LANGUAGE sql AS 'SELECT'",
        "CREATE TABLE public.mine (id int)", "CREATE FUNCTION public.now() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE SCHEMA mine", "CREATE FUNCTION pg_temp.f() RETURNS void LANGUAGE plpython3u AS ''",
        "CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE c AS '/lib/libc.so.6', 'getpid'",
        "CREATE FUNCTION pg_temp.f(int) RETURNS bool LANGUAGE sql LEAKPROOF AS 'SELECT true'",
        "SELECT pg_read_file('/etc/passwd')", "SELECT pg_ls_dir('.')", "SELECT pg_stat_file('postgresql.conf')",
        "COPY (SELECT 1) TO '/tmp/portal-probe'", "COPY (SELECT 1) TO PROGRAM 'id'", "SELECT lo_import('/etc/passwd')",
        "SELECT lo_export(1, '/tmp/portal-probe')", "SELECT pg_reload_conf()",
        "SELECT rolpassword FROM pg_authid", "SELECT * FROM pg_statistic", "SELECT * FROM applied_scripts",
        "DELETE FROM \"__EFMigrationsHistory\"", "TRUNCATE audit_log", "DELETE FROM audit_log",
        "SELECT setval(pg_get_serial_sequence('ledger_audit_runs', 'id'), 1)");

    [Theory]
    [MemberData(nameof(Escapes))]
    public async Task Neither_role_can_become_more_than_it_is(string statement)
    {
        foreach (var source in (Npgsql.NpgsqlDataSource[])[two.App, two.Ops])
        {
            await using var session = await AttackerSession.OpenAsync(source, two.Attacker);
            // 42704: the language is not even there; 58P01: nor the file.
            Assert.Contains(await session.TryAsync(statement), (string[])[Denied, "42704", "58P01"]);
        }
    }

    [Theory]
    [InlineData("SET ROLE portal_ops")]
    [InlineData("SELECT * FROM users")]
    [InlineData("SELECT * FROM sessions")]
    [InlineData("SELECT * FROM passkeys")]
    [InlineData("SELECT * FROM password_resets")]
    [InlineData("SELECT * FROM data_protection_keys")]
    [InlineData("SELECT * FROM webhook_events")]
    [InlineData("SELECT * FROM staff_members")]
    [InlineData("SELECT * FROM reporting.trial_balance")]
    [InlineData("SELECT last_value FROM ledger_audit_runs_id_seq")]
    [InlineData("SELECT nextval('ledger_audit_runs_id_seq')")]
    [InlineData("UPDATE tenants SET plan = plan")]
    [InlineData("UPDATE prices SET valid_from = valid_from")]
    public async Task A_tenants_session_is_shut_out_of_what_belongs_to_no_tenant(string statement)
    {
        await using var session = await AttackerSession.OpenAsync(two.App, two.Attacker);
        Assert.Equal(Denied, await session.TryAsync(statement));
    }

    // It is an error to have policies passed over, not a way to do it.
    [Fact]
    public async Task Row_security_cannot_be_switched_off()
    {
        await using var session = await AttackerSession.OpenAsync(two.App, two.Attacker);
        Assert.Equal(Denied, await session.TryAsync("SET LOCAL row_security = off; SELECT * FROM purchases"));
        Assert.Equal("=1", await session.TryAsync("SELECT count(*) FROM purchases"));
    }

    [Fact]
    public async Task The_tenants_table_shows_a_tenant_itself()
    {
        await using var session = await AttackerSession.OpenAsync(two.App, two.Attacker);
        Assert.Equal("=attacker", await session.TryAsync("SELECT string_agg(slug, ',') FROM tenants"));
        Assert.Equal("=0", await session.TryAsync("RESET app.tenant_id; SELECT count(*) FROM tenants"));
    }

    // A filter of the attacker's own that is as cheap as can be would be asked first, were the policy not a barrier.
    [Fact]
    public async Task A_callers_own_function_never_sees_a_row_that_the_policy_hides()
    {
        await using var session = await AttackerSession.OpenAsync(two.App, two.Attacker);
        await session.DoAsync("""
            CREATE TEMP TABLE seen (id uuid);
            CREATE FUNCTION pg_temp.peek(id uuid) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS
              $f$ BEGIN INSERT INTO pg_temp.seen VALUES (id); RETURN true; END $f$
            """);
        foreach (var table in (string[])["purchases", "accounts", "entries", "api_keys", "reporting.wallets", "reporting.sms_logs"])
        {
            await session.TryAsync($"SELECT count(*) FROM {table} WHERE pg_temp.peek(tenant_id)");
            Assert.Equal("=0", await session.TryAsync($"""
                DO $d$ BEGIN PERFORM count(*) FROM {table} WHERE pg_temp.peek(tenant_id); END $d$;
                SELECT count(*) FROM pg_temp.seen WHERE id <> '{two.Attacker}'
                """));
        }
    }

    [Fact]
    public async Task Statistics_of_a_table_with_tenants_are_hidden()
    {
        await using (var analyze = two.Owner.CreateCommand("ANALYZE"))
        {
            await analyze.ExecuteNonQueryAsync();
        }

        await using var session = await AttackerSession.OpenAsync(two.App, two.Attacker);
        var tables = string.Join(", ", two.Catalogue.OfTenants.Select(table => $"'{table.Name}'"));
        Assert.Equal("=0", await session.TryAsync($"SELECT count(*) FROM pg_stats WHERE tablename IN ({tables})"));
    }

    [Fact]
    public async Task A_refusal_repeats_no_more_than_what_was_sent()
    {
        await using var session = await AttackerSession.OpenAsync(two.App, two.Attacker);
        foreach (var table in two.Catalogue.OfTenants.Where(table => table.Key.Any() && !table.Key.Any(column => column.IsMade)))
        {
            var same = table.Key.ToDictionary(column => column.Name, column => column.Literal(two.VictimsNumbers[table.Name]));
            same["tenant_id"] = $"'{two.Attacker}'";
            await using var connection = await two.App.OpenConnectionAsync();
            var refusal = await Record.ExceptionAsync(() => session.DoAsync("BEGIN; " + table.Insert(80_000, same) + "; ROLLBACK"));
            await session.DoAsync("ROLLBACK");
            Assert.DoesNotContain($"{two.Victim}", $"{refusal} {(refusal as Npgsql.PostgresException)?.Detail}", StringComparison.Ordinal);
        }
    }

    // What a session leaves under a known name in its own schema is never what a function of the portal reads.
    [Fact]
    public async Task Every_function_with_a_path_of_its_own_looks_at_temporary_things_last()
    {
        await using var command = two.Owner.CreateCommand(
            """
            SELECT coalesce(string_agg(p.oid::regprocedure::text, ', '), '') FROM pg_proc p
            WHERE p.pronamespace IN ('public'::regnamespace, 'reporting'::regnamespace)
              AND (p.prosecdef OR p.proconfig IS NOT NULL)
              AND NOT EXISTS (SELECT FROM unnest(p.proconfig) AS c WHERE c LIKE 'search\_path=pg\_catalog%, pg\_temp')
            """);
        Assert.Equal("", await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task A_view_never_lends_its_owners_eyes()
    {
        await using var command = two.Owner.CreateCommand(
            """
            SELECT coalesce(string_agg(c.oid::regclass::text, ', '), '') FROM pg_class c
            WHERE c.relkind IN ('v', 'm') AND c.relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
              AND (c.relkind = 'm' OR NOT coalesce('security_invoker=true' = ANY (c.reloptions), false))
            """);
        Assert.Equal("", await command.ExecuteScalarAsync());
        await using var views = two.Owner.CreateCommand(
            "SELECT array_agg(c.oid::regclass::text) FROM pg_class c WHERE c.relkind = 'v' AND c.relnamespace = 'reporting'::regnamespace");
        foreach (var view in (string[])(await views.ExecuteScalarAsync())!)
        {
            await using var session = await AttackerSession.OpenAsync(two.App, two.Attacker);
            var others = await session.TryAsync($"SELECT count(*) FROM {view} WHERE tenant_id <> '{two.Attacker}'");
            Assert.Contains(others, (string[])["=0", Denied, "42703"]);
            Assert.Contains(await session.TryAsync($"RESET app.tenant_id; SELECT count(*) FROM {view}"), (string[])["=0", Denied]);
        }
    }

    // Whether the other tenant's row exists or not: the same refusal.
    [Fact]
    public async Task A_foreign_key_is_no_way_to_ask_for_another_tenants_rows()
    {
        var asked = 0;
        await using var session = await AttackerSession.OpenAsync(two.App, two.Attacker);
        foreach (var table in two.Catalogue.OfTenants)
        {
            foreach (var column in table.Columns.Where(column => column.Refers is { } parent && column.Name != "tenant_id"
                && parent != table.Name && two.VictimsNumbers.ContainsKey(parent)))
            {
                asked++;
                var parent = two.Catalogue.Tables.Single(one => one.Name == column.Refers);
                var key = parent.Key.Single();
                var answers = new List<string>();
                foreach (var value in (string[])[key.Literal(two.VictimsNumbers[parent.Name]), $"'{Ids.New()}'"])
                {
                    var row = TwoTenantsFixture.Of(two.Attacker);
                    row[column.Name] = value;
                    answers.Add(await session.TryAsync(table.Insert(90_000, row)));
                }

                Assert.True(answers is [Denied, Denied], $"{table}.{column.Name}: {string.Join(", ", answers)}");
            }
        }

        Assert.True(asked >= 5, $"Only {asked} references were found.");
    }
}
