using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Tests.Support;
using Npgsql;

namespace BillingPortal.Tests.Ledger;

/// <summary>The audit proves good books and finds each kind of damage, which only the owner of the database can do.</summary>
public sealed class AuditTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private LedgerAudit Audit => new(postgres.Database, postgres.Clock);

    [Fact]
    public async Task Good_books_are_proven_and_the_time_of_the_proof_is_there_for_the_tenant()
    {
        var tenant = await BusyTenantAsync();

        var report = await Audit.RunAsync(full: true);

        Assert.DoesNotContain(report.Violations, violation => violation.TenantId == tenant.Id);
        Assert.Equal(postgres.Clock.GetUtcNow(), await Audit.ProvenAtAsync(tenant.Id));
    }

    [Fact]
    public async Task An_incremental_audit_looks_at_what_changed_since_the_last_proof()
    {
        var tenant = await BusyTenantAsync();
        await Audit.RunAsync(full: false);

        // What other tests damaged stays unproven and is looked at each time.
        var unproven = await Audit.RunAsync(full: false);
        await tenant.DebitAsync(1);
        await tenant.DebitAsync(1);

        var report = await Audit.RunAsync(full: false);

        Assert.Equal((1, 2), (report.Accounts - unproven.Accounts, report.Entries - unproven.Entries));
    }

    [Theory]
    [InlineData("balance", false, "UPDATE accounts SET balance_e4 = balance_e4 + 1 WHERE tenant_id = $1 AND unit = 'credits'")]
    [InlineData("balance", false, "UPDATE entries SET amount_e4 = amount_e4 - 1 WHERE tenant_id = $1 AND seq = 2")]
    [InlineData("balance", false, "DELETE FROM entries WHERE tenant_id = $1 AND seq = 2")]
    [InlineData("balance", false, "UPDATE entries SET balance_after_e4 = 7 WHERE tenant_id = $1 AND seq = 2")]
    [InlineData("debt", false, "UPDATE accounts SET last_debt_seq = 9 WHERE tenant_id = $1 AND unit = 'credits'")]
    [InlineData("held", false, "UPDATE accounts SET held_e4 = 1 WHERE tenant_id = $1 AND unit = 'credits'")]
    [InlineData("held", false, "DELETE FROM holds WHERE tenant_id = $1 AND state = 'open'")]
    [InlineData("hold", false, "UPDATE holds SET captured_e4 = 1 WHERE tenant_id = $1 AND state = 'captured'")]
    [InlineData("crossing", false, "DELETE FROM recharge_requests WHERE tenant_id = $1")]
    [InlineData("stray", true, "DELETE FROM accounts WHERE tenant_id = $1 AND unit = 'credits'")]
    [InlineData("extension", true, "UPDATE holds SET extended_e4 = 1 WHERE tenant_id = $1 AND state = 'open'")]
    [InlineData("capture", true, "UPDATE entries SET hold_id = NULL WHERE tenant_id = $1 AND hold_id IS NOT NULL")]
    public async Task Damage_is_found(string rule, bool full, string damage)
    {
        var tenant = await BusyTenantAsync();
        await using (var owner = NpgsqlDataSource.Create(postgres.Connections.Owner))
        {
            await using var command = owner.CreateCommand(damage);
            command.Parameters.Add(new() { Value = tenant.Id });
            Assert.True(await command.ExecuteNonQueryAsync() > 0);
        }

        postgres.Clock.Advance(TimeSpan.FromMinutes(1));
        var report = await Audit.RunAsync(full);

        Assert.Contains(report.Violations, violation => violation.TenantId == tenant.Id && violation.Rule == rule);
        Assert.NotEqual(postgres.Clock.GetUtcNow(), await Audit.ProvenAtAsync(tenant.Id));
    }

    [Fact]
    public async Task Damage_before_the_last_proof_is_found_by_the_full_audit()
    {
        var tenant = await BusyTenantAsync();
        await Audit.RunAsync(full: false);
        await using (var owner = NpgsqlDataSource.Create(postgres.Connections.Owner))
        {
            await using var command = owner.CreateCommand("UPDATE entries SET amount_e4 = amount_e4 - 1 WHERE tenant_id = $1 AND seq = 2");
            command.Parameters.Add(new() { Value = tenant.Id });
            await command.ExecuteNonQueryAsync();
        }

        var incremental = await Audit.RunAsync(full: false);
        var full = await Audit.RunAsync(full: true);

        Assert.DoesNotContain(incremental.Violations, violation => violation.TenantId == tenant.Id);
        Assert.Contains(full.Violations, violation => violation.TenantId == tenant.Id && violation.Rule == "balance");
    }

    // A purchase, a debit, a crossing, an open hold, a captured one, a debt and its repayment.
    private async Task<TestTenant> BusyTenantAsync()
    {
        var tenant = await postgres.TenantWithAsync(credits: 100);
        await using (var work = await postgres.Database.BeginAsync(tenant.Id))
        {
            await tenant.Ledger.SetRechargeBelowAsync(work, tenant.Id, Unit.Credits, Amount.Credits(80));
            await work.CommitAsync();
        }

        await tenant.DebitAsync(30);
        var hold = await tenant.HoldAsync(20);
        await tenant.CaptureAsync(hold.HoldId!.Value, 15);
        await tenant.ClawBackAsync(100);
        await tenant.CreditAsync(200);
        await tenant.HoldAsync(10);
        return tenant;
    }
}
