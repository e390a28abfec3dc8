using System.Globalization;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Tenants;
using BillingPortal.Tenants.Keys;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace BillingPortal.Processes.Restore;

/// <summary>What the drill writes into a database before, and reads from a restored one.</summary>
internal static class DrillBooks
{
    // Who may do what, as one text: roles with their passwords, memberships, owners, grants, policies. Order and defaults made explicit.
    private const string Rights =
        """
        SELECT md5(string_agg(line, E'\n' ORDER BY line)) FROM (
          SELECT concat_ws(' ', 'role', a.rolname, a.rolsuper, a.rolbypassrls, a.rolcanlogin, a.rolpassword, r.rolconfig) AS line
            FROM pg_authid AS a JOIN pg_roles AS r ON r.oid = a.oid WHERE a.rolname NOT LIKE 'pg\_%'
          UNION ALL SELECT concat_ws(' ', 'member', m.roleid::regrole, m.member::regrole) FROM pg_auth_members AS m
            WHERE m.roleid::regrole::text NOT LIKE 'pg\_%'
          UNION ALL SELECT
            concat_ws(' ', 'relation', c.oid::regclass, c.relowner::regrole, c.relrowsecurity, c.relforcerowsecurity, g.acl)
            FROM pg_class AS c, LATERAL (SELECT string_agg(a::text, ',' ORDER BY a::text) AS acl
              FROM unnest(coalesce(c.relacl, acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relowner))) AS a) AS g
            WHERE c.relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname IN ('public', 'jobs', 'reporting'))
              AND c.relkind IN ('r', 'p', 'v', 'S')
          UNION ALL SELECT
            concat_ws(' ', 'function', p.oid::regprocedure, p.proowner::regrole, p.prosecdef, p.proconfig, g.acl, md5(p.prosrc))
            FROM pg_proc AS p, LATERAL (SELECT string_agg(a::text, ',' ORDER BY a::text) AS acl
              FROM unnest(coalesce(p.proacl, acldefault('f', p.proowner))) AS a) AS g
            WHERE p.pronamespace = 'public'::regnamespace
          UNION ALL SELECT concat_ws(' ', 'policy', polrelid::regclass, polname, pg_get_expr(polqual, polrelid),
            pg_get_expr(polwithcheck, polrelid)) FROM pg_policy) AS lines
        """;

    /// <summary>A tenant with credits for the whole drill, and a key for each of its programs: a key has a budget of requests.</summary>
    public static async Task<IReadOnlyList<string>> CustomerAsync(string database, int programs)
    {
        await using var services = new ServiceCollection().BuildServiceProvider();
        await using var data = new Database(ConnectionStrings.FromOwner(database));
        await using var ledger = new LedgerWriter(data, TimeProvider.System);
        var keys = new ApiKeys(data, new KeyUses(), TimeProvider.System);
        var tenants = new TenantService(data, ledger, keys, services.GetRequiredService<IServiceScopeFactory>(), TimeProvider.System);
        var tenant = await tenants.CreateAsync(
            new NewTenant("drill", "Drill", Unit.Credits, SettlementMode: SettlementMode.Immediate));
        await ledger.PostAsync(new Posting
        {
            TenantId = tenant.Id,
            Operation = LedgerOperation.Credit,
            Amount = Amount.Credits(10_000_000),
            Kind = EntryKind.Adjustment,
            Counter = CounterAccount.Adjustment,
            Key = Ids.New(),
            CauseType = "drill",
            OccurredAt = TimeProvider.System.GetUtcNow(),
        });
        List<string> texts = [];
        while (texts.Count < programs)
        {
            texts.Add((await keys.CreateAsync(tenant.Id, $"drill {texts.Count}", ApiScopes.All)).Text);
        }

        return texts;
    }

    public static Task<string> RightsAsync(string database) => ScalarAsync<string>(database, Rights);

    /// <summary>References of the usage in the books.</summary>
    public static async Task<HashSet<string>> ReferencesAsync(string database) =>
        (await ScalarAsync<string[]>(
            database, "SELECT coalesce(array_agg(reference), '{}') FROM entries WHERE reference LIKE 'drill-%'"))
        .ToHashSet(StringComparer.Ordinal);

    /// <summary>Payment intents of the purchases in the books, and whether each is settled.</summary>
    public static async Task<Dictionary<string, bool>> PurchasesAsync(string database) =>
        (await ScalarAsync<string[]>(
            database,
            "SELECT coalesce(array_agg(payment_intent_id || ' ' || state), '{}') FROM purchases WHERE payment_intent_id IS NOT NULL"))
        .Select(line => line.Split(' ')).ToDictionary(words => words[0], words => words[1] == "settled", StringComparer.Ordinal);

    public static Task<DateTime> LastPostingAsync(string database) => ScalarAsync<DateTime>(
        database, "SELECT max(posted_at) FROM entries");

    /// <exception cref="InvalidOperationException">The books do not add up; the message names the violations.</exception>
    public static async Task ProveAsync(string database)
    {
        await using var data = new Database(ConnectionStrings.FromOwner(database));
        var report = await new LedgerAudit(data, TimeProvider.System).RunAsync(full: true);
        if (!report.IsClean)
        {
            throw new InvalidOperationException(string.Join('\n', report.Violations.Select(violation =>
                string.Create(CultureInfo.InvariantCulture, $"{violation.TenantId}: {violation.Rule}: {violation.Detail}"))));
        }
    }

    public static async Task<T> ScalarAsync<T>(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }
}
