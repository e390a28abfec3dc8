using BillingPortal.Documents.Statements;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Tests.Support;
using BillingPortal.Tests.TenantWebhooks;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace BillingPortal.Tests.Documents.Statements;

/// <summary>The month's end for everybody: once per tenant and month, whoever runs it and how often.</summary>
public sealed class StatementRunTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Every_tenant_is_done_once_and_written_to_once_even_by_runs_side_by_side()
    {
        var (month, tenants) = await MonthWithTenantsAsync(count: 6);
        await postgres.TenantRowAsync("Never used");

        var runs = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => postgres.StatementRuns().RunAsync(1_000)));
        var again = await postgres.StatementRuns().RunAsync(1_000);

        Assert.Equal((6, 0), (runs.Sum(run => run.Mailed), runs.Sum(run => run.Failed)));
        Assert.Equal(new StatementRunCounts(0, 0, 0), again);
        foreach (var tenant in tenants)
        {
            Assert.Equal(1, await MailsAsync(tenant, month));
            Assert.Equal(1, await CountAsync<Statement>(tenant));
            Assert.Equal(["statement.ready"], await postgres.Database.EventTypesAsync(tenant));
        }
    }

    [Fact]
    public async Task A_month_without_entries_is_stored_and_nobody_is_written_to()
    {
        var (_, tenants) = await MonthWithTenantsAsync(count: 1);
        await postgres.StatementRuns().RunAsync(1_000);
        var idle = StatementMonth.Of(postgres.Clock.GetUtcNow());
        postgres.Clock.MoveTo(idle.ClosesAt);

        var run = await postgres.StatementRuns().RunAsync(1_000);

        Assert.Equal((0, 0), (run.Mailed, run.Failed));
        Assert.Equal(0, await MailsAsync(tenants[0], idle));
        Assert.Equal(2, await CountAsync<StatementRun>(tenants[0]));
    }

    [Fact]
    public async Task A_run_that_stops_early_is_gone_on_with()
    {
        var (month, tenants) = await MonthWithTenantsAsync(count: 3);

        Assert.Equal(1, (await postgres.StatementRuns().RunAsync(1)).Done);
        await postgres.StatementRuns().RunAsync(1_000);

        foreach (var tenant in tenants)
        {
            Assert.Equal(1, await MailsAsync(tenant, month));
        }
    }

    // One tenant's books are broken by hand: the others are done, and it is once it is mended.
    [Fact]
    public async Task One_tenants_trouble_stops_no_other()
    {
        var (month, tenants) = await MonthWithTenantsAsync(count: 3);
        await BreakAsync(tenants[1], "amount_e4 + 1");

        var broken = await postgres.StatementRuns().RunAsync(1_000);

        Assert.Equal((2, 1), (broken.Mailed, broken.Failed));
        Assert.Equal(0, await MailsAsync(tenants[1], month));
        await BreakAsync(tenants[1], "amount_e4 - 1");
        Assert.Equal(new StatementRunCounts(1, 1, 0), await postgres.StatementRuns().RunAsync(1_000));
    }

    [Fact]
    public void The_last_closed_month_changes_at_three_on_the_first()
    {
        var first = new DateTimeOffset(2026, 12, 1, 3, 0, 0, TimeSpan.Zero);

        Assert.Equal("2026-11", StatementMonth.LastClosed(first).ToString());
        Assert.Equal("2026-10", StatementMonth.LastClosed(first.AddTicks(-1)).ToString());
    }

    private async Task<(StatementMonth Month, List<Guid> Tenants)> MonthWithTenantsAsync(int count)
    {
        var month = StatementMonth.Of(postgres.Clock.GetUtcNow());
        var tenants = new List<Guid>();
        for (var index = 0; index < count; index++)
        {
            tenants.Add(await postgres.TenantRowAsync($"Tenant {index}"));
            var tenant = new TestTenant(postgres, postgres.LedgerWriter, tenants[^1]);
            Assert.Equal(PostOutcome.Posted, await tenant.CreditAsync(10));
            Assert.Equal(PostOutcome.Posted, await tenant.DebitAsync(3));
        }

        postgres.Clock.MoveTo(month.ClosesAt);
        return (month, tenants);
    }

    private async Task BreakAsync(Guid tenantId, string amount)
    {
        await using var owner = NpgsqlDataSource.Create(postgres.Connections.Owner);
        await using var command = owner.CreateCommand($"UPDATE entries SET amount_e4 = {amount} WHERE tenant_id = $1 AND seq = 2");
        command.Parameters.Add(new NpgsqlParameter { Value = tenantId });
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
    }

    private async Task<long> MailsAsync(Guid tenantId, StatementMonth month)
    {
        await using var unit = await postgres.Database.BeginOpsAsync();
        await using var mails = unit.Command(
            "SELECT count(*) FROM outbox_messages WHERE kind = 'email' AND tenant_id = $1 AND key = $2",
            tenantId, $"statement:{month}");
        return (long)(await mails.ExecuteScalarAsync())!;
    }

    private async Task<int> CountAsync<T>(Guid tenantId)
        where T : class
    {
        await using var unit = await postgres.Database.BeginAsync(tenantId);
        return await unit.Db.Set<T>().CountAsync();
    }
}
