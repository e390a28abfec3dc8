using BillingPortal.Kernel;
using BillingPortal.Settlement;
using BillingPortal.Tests.Settlement;
using BillingPortal.Tests.Support;
using BillingPortal.Wallet;
using Npgsql;

namespace BillingPortal.Tests.Wallet;

/// <summary>An open month of 100,000 reserved uses among those of other tenants: read by its own index, and added up once.</summary>
public sealed class ReservedDaysScaleTests(PostgresFixture postgres, ITestOutputHelper output) : IClassFixture<PostgresFixture>
{
    private const int Uses = 100_000;

    [Fact]
    public async Task The_open_month_is_added_up_along_its_index()
    {
        var world = new SettlementWorld(postgres, postgres.Clock.GetUtcNow());
        var (tenant, other) = (await world.TenantAsync(usd: 10), await world.TenantAsync(usd: 10));
        await FillAsync(tenant.Id);
        await FillAsync(other.Id);

        await using var work = await postgres.Database.BeginAsync(tenant.Id);
        var from = new DateOnly(2026, 11, 1);
        await using var command = ReservedDays.Sums(
            work, tenant.Id, "Europe/Berlin", from, [BillingMonth.Of(postgres.Clock.GetUtcNow()).HoldIdOf(tenant.Id)]);
        command.CommandText = "EXPLAIN (ANALYZE, BUFFERS) " + command.CommandText;
        var plan = new List<string>();
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                plan.Add(reader.GetString(0));
            }
        }

        plan.ForEach(output.WriteLine);
        Assert.Contains(plan, line => line.Contains("ix_hold_extensions", StringComparison.Ordinal));
        Assert.DoesNotContain(plan, line => line.Contains("Seq Scan", StringComparison.Ordinal));
        var days = await new ReservedDays(postgres.Clock).MergeAsync(work, tenant.Id, [], Unit.Usd, "Europe/Berlin", from);
        Assert.Equal(Uses, days.Sum(day => day.Entries));
    }

    private async Task FillAsync(Guid tenantId)
    {
        await using var owner = NpgsqlDataSource.Create(postgres.Connections.Owner);
        await using var insert = owner.CreateCommand(
            """
            INSERT INTO hold_extensions (idempotency_key, tenant_id, hold_id, unit, amount_e4, service, reference, cause_type,
              cause_id, occurred_at, posted_at)
            SELECT gen_random_uuid(), $1, $2, 'usd', 3750, (ARRAY['voice', 'email', 'fax'])[1 + n % 3], 'call-' || n, 'usage_event',
              '2026-11', timestamptz '2026-11-01 00:00Z' + n * interval '15 seconds',
              timestamptz '2026-11-01 00:00Z' + n * interval '15 seconds'
            FROM generate_series(1, $3) AS n
            """);
        insert.Parameters.Add(new() { Value = tenantId });
        insert.Parameters.Add(new() { Value = BillingMonth.Of(postgres.Clock.GetUtcNow()).HoldIdOf(tenantId) });
        insert.Parameters.Add(new() { Value = Uses });
        await insert.ExecuteNonQueryAsync();
        await using var analyze = owner.CreateCommand("ANALYZE hold_extensions");
        await analyze.ExecuteNonQueryAsync();
    }
}
