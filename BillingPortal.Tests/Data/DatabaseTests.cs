using BillingPortal.Kernel;
using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.Data;

/// <summary>The roles and the isolation that every room stands on.</summary>
public sealed class DatabaseTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_tenants_unit_of_work_runs_under_its_role_and_tenant()
    {
        var tenantId = Ids.New();
        await using var unit = await postgres.Database.BeginAsync(tenantId);
        await using var command = unit.Command("SELECT current_user || ' ' || current_setting('app.tenant_id')");

        Assert.Equal($"portal_app {tenantId}", await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task The_tenant_does_not_outlive_its_transaction()
    {
        await using (await postgres.Database.BeginAsync(Ids.New()))
        {
        }

        await using var command = postgres.Database.App.CreateCommand("SELECT coalesce(current_setting('app.tenant_id', true), '')");
        Assert.Equal("", await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Every_table_with_a_tenant_is_isolated_by_forced_row_level_security()
    {
        await using var command = postgres.Database.Ops.CreateCommand(
            """
            SELECT coalesce(string_agg(c.relname, ', '), '') FROM pg_class c
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
              AND NOT (c.relrowsecurity AND c.relforcerowsecurity
                       AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'tenant_isolation'))
            """);
        Assert.Equal("", await command.ExecuteScalarAsync());
    }
}
