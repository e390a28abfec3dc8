using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace BillingPortal.Tests.Tenants;

/// <summary>What a tenant's own database connection can see and change of the tables that say who may do what.</summary>
public sealed class IsolationTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private Database Database => portal.Services.GetRequiredService<Database>();

    [Fact]
    public async Task A_tenant_sees_its_own_row_members_and_keys_only()
    {
        var (mine, other) = (await portal.TenantAsync(), await portal.TenantAsync());
        foreach (var tenant in new[] { mine, other })
        {
            await portal.PersonAsync(tenant, MemberRole.Owner);
            await portal.TenantService.CreateApiKeyAsync(tenant.Id, "key", ApiScopes.All);
        }

        await using var unit = await Database.BeginAsync(mine.Id);
        Assert.Equal(mine.Id, Assert.Single(await unit.Db.Set<Tenant>().ToListAsync()).Id);
        Assert.Equal(mine.Id, Assert.Single(await unit.Db.Set<Member>().ToListAsync()).TenantId);
        Assert.Equal(mine.Id, Assert.Single(await unit.Db.Set<ApiKey>().ToListAsync()).TenantId);
    }

    [Theory]
    [InlineData("SELECT 1 FROM users")]
    [InlineData("SELECT 1 FROM staff_members")]
    [InlineData("UPDATE tenants SET plan = 'usd'")]
    [InlineData("UPDATE members SET role = 'owner'")]
    [InlineData("DELETE FROM members")]
    [InlineData("UPDATE api_keys SET scopes = 7, revoked_at = NULL")]
    public async Task A_tenants_connection_may_not_touch_who_may_do_what(string sql)
    {
        var tenant = await portal.TenantAsync();
        await using var unit = await Database.BeginAsync(tenant.Id);
        await using var command = unit.Command(sql);

        var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [Fact]
    public async Task An_idempotency_key_cannot_be_written_for_another_tenant()
    {
        var (mine, other) = (await portal.TenantAsync(), await portal.TenantAsync());
        await using var unit = await Database.BeginAsync(mine.Id);
        await using var command = unit.Command(
            "INSERT INTO idempotency_keys (tenant_id, endpoint, key, fingerprint, created_at, locked_until) "
            + "VALUES ($1, 'x', 'k', 'f', now(), now())", other.Id);

        var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [Fact]
    public async Task Only_the_hash_of_a_key_is_stored()
    {
        var tenant = await portal.TenantAsync();
        var key = await portal.TenantService.CreateApiKeyAsync(tenant.Id, "key", ApiScopes.Read);
        await using var unit = await Database.BeginOpsAsync();
        await using var row = unit.Command("SELECT k::text FROM api_keys k WHERE id = $1", key.Id);

        Assert.DoesNotContain(key.Text[12..], (string)(await row.ExecuteScalarAsync())!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Making_the_sandboxs_fixed_key_again_changes_nothing()
    {
        var tenant = await portal.TenantAsync();
        var text = $"bp_sandbox_{Ids.New():N}";
        var first = await portal.TenantService.CreateApiKeyAsync(tenant.Id, "sandbox", ApiScopes.All, text);
        var second = await portal.TenantService.CreateApiKeyAsync(tenant.Id, "sandbox", ApiScopes.All, text);

        Assert.Equal(first, second);
    }
}
