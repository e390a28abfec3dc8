using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Tests.Support;
using Npgsql;

namespace BillingPortal.Tests.Security;

/// <summary>
/// A database in which every table with a tenant has rows of two tenants, and connections under the portal's own roles with their
/// own passwords, as somebody would have them who got hold of one.
/// </summary>
public sealed class TwoTenantsFixture : IAsyncLifetime
{
    public Guid Attacker { get; } = Ids.New();

    public Guid Victim { get; } = Ids.New();

    public ConnectionStrings Connections { get; private set; } = null!;

    public NpgsqlDataSource Owner { get; private set; } = null!;

    public NpgsqlDataSource App { get; private set; } = null!;

    public NpgsqlDataSource Ops { get; private set; } = null!;

    internal TableCatalogue Catalogue { get; private set; } = null!;

    /// <summary>Of each table: the number from which the victim's row was made.</summary>
    internal Dictionary<string, int> VictimsNumbers { get; } = [];

    public async ValueTask InitializeAsync()
    {
        Connections = await TestPostgres.CreateDatabaseAsync();
        Owner = NpgsqlDataSource.Create(Connections.Owner);
        App = NpgsqlDataSource.Create(Connections.App);
        Ops = NpgsqlDataSource.Create(Connections.Ops);
        Catalogue = await TableCatalogue.ReadAsync(Owner);
        await using var connection = await Owner.OpenConnectionAsync();

        // Made-up rows need not make sense: rules about values and references are others' tests.
        await ExecuteAsync(connection,
            """
            DO $$ DECLARE c record; BEGIN
              FOR c IN SELECT conrelid::regclass AS t, conname FROM pg_constraint
                       WHERE contype = 'c' AND connamespace = 'public'::regnamespace LOOP
                EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', c.t, c.conname);
              END LOOP;
            END $$;
            SET session_replication_role = replica;
            """);
        var number = 1;
        foreach (var table in Catalogue.OfTenants)
        {
            await ExecuteAsync(connection, table.Insert(number++, Of(Attacker)));
            VictimsNumbers[table.Name] = number;
            await ExecuteAsync(connection, table.Insert(number++, Of(Victim)));
        }

        await ExecuteAsync(connection,
            $"""
            INSERT INTO tenants (id, slug, name, plan, time_zone, created_at)
            VALUES ('{Attacker}', 'attacker', 'Attacker', 'credits', 'UTC', now()),
                   ('{Victim}', 'victim', 'Victim', 'credits', 'UTC', now())
            """);
    }

    public async ValueTask DisposeAsync()
    {
        await Owner.DisposeAsync();
        await App.DisposeAsync();
        await Ops.DisposeAsync();
    }

    internal static Dictionary<string, string> Of(Guid tenantId) => new() { ["tenant_id"] = $"'{tenantId}'" };

    /// <summary>What the owner sees of the victim in all tables.</summary>
    public async Task<string> VictimsRowsAsync()
    {
        var parts = Catalogue.OfTenants.Select(table =>
            $"SELECT '{table.Name}' AS name, t::text AS line FROM {table.Quoted} AS t WHERE t.tenant_id = '{Victim}'");
        await using var command = Owner.CreateCommand(
            $"SELECT string_agg(name || ' ' || line, E'\\n' ORDER BY name, line) FROM ({string.Join(" UNION ALL ", parts)}) AS x");
        return (string)(await command.ExecuteScalarAsync())!;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
