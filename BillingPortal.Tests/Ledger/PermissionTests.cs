using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Tests.Support;
using Npgsql;

namespace BillingPortal.Tests.Ledger;

/// <summary>What the database itself refuses, whatever the code above it does.</summary>
public sealed class PermissionTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Theory]
    [InlineData("INSERT INTO {0} SELECT * FROM {0} LIMIT 1")]
    [InlineData("UPDATE {0} SET unit = unit")]
    [InlineData("DELETE FROM {0}")]
    [InlineData("TRUNCATE {0}")]
    public async Task Neither_role_may_write_a_ledger_table(string statement)
    {
        var tenant = await postgres.TenantWithAsync(credits: 10);
        foreach (var table in (string[])["accounts", "entries", "debt_entries", "holds", "recharge_requests"])
        {
            Assert.Equal("42501", await StateOfAsync(tenant.Id, string.Format(null, statement, table)));
            Assert.Equal("42501", await StateOfOpsAsync(string.Format(null, statement, table)));
        }
    }

    [Fact]
    public async Task A_tenants_session_cannot_post_for_another_tenant_nor_without_one()
    {
        var tenant = await postgres.TenantWithAsync(credits: 10);
        var victim = await postgres.TenantWithAsync(credits: 10);
        var posting = victim.Posting(LedgerOperation.Debit, Amount.Credits(1));
        await using (var work = await postgres.Database.BeginAsync(tenant.Id))
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() => tenant.Ledger.PostAsync(work, [posting]));
            Assert.Equal("42501", refused.SqlState);
        }

        await using (var work = await postgres.Database.BeginAsync(tenant.Id))
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() =>
                tenant.Ledger.PostAsync(work, [posting, tenant.Posting(LedgerOperation.Debit, Amount.Credits(1))]));
            Assert.Equal("42501", refused.SqlState);
        }

        // Alone and as one of many: two functions, one rule.
        await using var nobody = await postgres.Database.App.OpenConnectionAsync();
        using var calls = new LedgerCalls();
        foreach (var count in (int[])[1, 2])
        {
            var batch = Enumerable.Range(0, count).Select(_ => new PendingPosting(posting)).ToArray();
            var none = await Assert.ThrowsAsync<PostgresException>(() =>
                calls.ExecuteAsync(nobody, null, batch, postgres.Clock.GetUtcNow(), CancellationToken.None));
            Assert.Equal("42501", none.SqlState);
        }

        await victim.AssertBooksBalanceAsync(expected: 10);
    }

    // The hold's id is known, the tenant is one's own: the posting function sees past row-level security, and must look itself.
    [Fact]
    public async Task Another_tenants_hold_is_unknown_whatever_is_asked_of_it()
    {
        var tenant = await postgres.TenantWithAsync(credits: 10);
        var victim = await postgres.TenantWithAsync(credits: 10);
        var hold = (await victim.HoldAsync(4)).HoldId!.Value;
        foreach (var operation in (LedgerOperation[])
            [LedgerOperation.Capture, LedgerOperation.Release, LedgerOperation.Expire, LedgerOperation.Extend])
        {
            await using var work = await postgres.Database.BeginAsync(tenant.Id);
            var result = await tenant.Ledger.PostAsync(work, [tenant.Posting(operation, Amount.Credits(1)) with { HoldId = hold }]);
            Assert.Equal(PostOutcome.UnknownHold, result[0].Outcome);
        }

        Assert.Equal(Amount.Credits(4), (await victim.BalanceAsync()).Held);
        await tenant.AssertBooksBalanceAsync(expected: 10);
        await victim.AssertBooksBalanceAsync(expected: 10);
    }

    [Fact]
    public async Task A_tenant_may_not_set_another_tenants_threshold_nor_open_accounts()
    {
        var tenant = await postgres.TenantWithAsync();
        var victim = await postgres.TenantWithAsync();

        Assert.Equal("42501", await StateOfAsync(tenant.Id, $"SELECT ledger_set_recharge_below('{victim.Id}', 'credits', 1, now())"));
        Assert.Equal("42501", await StateOfAsync(tenant.Id, $"SELECT ledger_open_accounts('{tenant.Id}')"));
    }

    [Fact]
    public async Task The_parts_of_the_posting_function_are_closed_to_both_roles()
    {
        await using var command = postgres.Database.Ops.CreateCommand(
            """
            SELECT coalesce(string_agg(r.rolname || ' may call ' || p.proname, ', '), '')
            FROM pg_proc p, (VALUES ('portal_app'), ('portal_ops')) AS r (rolname)
            WHERE p.proname LIKE 'ledger\_%' AND has_function_privilege(r.rolname, p.oid, 'EXECUTE')
              AND p.proname NOT IN ('ledger_post', 'ledger_post_debit', 'ledger_set_recharge_below')
              AND NOT (p.proname IN ('ledger_open_accounts', 'ledger_share_keys') AND r.rolname = 'portal_ops')
            """);

        Assert.Equal("", await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Functions_with_the_ledgers_rights_cannot_be_led_astray_by_a_callers_own_tables()
    {
        var tenant = await postgres.TenantWithAsync(credits: 10);
        await using var work = await postgres.Database.BeginAsync(tenant.Id);
        await using (var trap = work.Command(
            "CREATE TEMP TABLE accounts AS SELECT * FROM public.accounts; UPDATE pg_temp.accounts SET balance_e4 = 99990000"))
        {
            await trap.ExecuteNonQueryAsync();
        }

        var result = await tenant.Ledger.PostAsync(work, [tenant.Posting(LedgerOperation.Debit, Amount.Credits(20))]);

        Assert.Equal((PostOutcome.Insufficient, Amount.Credits(10)), (result[0].Outcome, result[0].Balance));
    }

    [Fact]
    public async Task A_tenant_sees_its_own_books_only()
    {
        var tenant = await postgres.TenantWithAsync(credits: 10);
        var victim = await postgres.TenantWithAsync(credits: 20);
        await victim.HoldAsync(5);
        await victim.ClawBackAsync(50);
        await using var work = await postgres.Database.BeginAsync(tenant.Id);
        string[] tables = ["accounts", "entries", "debt_entries", "holds", "reporting.wallets", "reporting.credit_transactions"];
        foreach (var table in tables)
        {
            await using var command = work.Command($"SELECT count(*) FROM {table} WHERE tenant_id <> $1", tenant.Id);
            Assert.Equal(0L, await command.ExecuteScalarAsync());
        }
    }

    [Theory]
    [InlineData("ck_accounts_figures", "UPDATE accounts SET balance_e4 = -1, held_e4 = -1 WHERE tenant_id = $1")]
    [InlineData("ck_accounts_figures", "UPDATE accounts SET held_e4 = balance_e4 + 1 WHERE tenant_id = $1")]
    [InlineData("ck_accounts_figures", "UPDATE accounts SET debt_e4 = -1 WHERE tenant_id = $1")]
    [InlineData("ck_accounts_figures", "UPDATE accounts SET debt_e4 = 1 WHERE tenant_id = $1 AND unit = 'credits'")]
    [InlineData("ck_entries_figures", "UPDATE entries SET amount_e4 = 0 WHERE tenant_id = $1")]
    [InlineData("ck_entries_figures", "UPDATE entries SET balance_after_e4 = -1 WHERE tenant_id = $1")]
    [InlineData("ck_entries_kind", "UPDATE entries SET kind = 'gift' WHERE tenant_id = $1")]
    [InlineData("ck_entries_counter_account", "UPDATE entries SET counter_account = 'pocket' WHERE tenant_id = $1")]
    [InlineData("ck_holds_amount", "UPDATE holds SET amount_e4 = 0 WHERE tenant_id = $1")]
    [InlineData("ck_holds_end", "UPDATE holds SET state = 'captured' WHERE tenant_id = $1")]
    [InlineData("ck_recharge_requests_versions", "UPDATE recharge_requests SET done_version = version + 1 WHERE tenant_id = $1")]
    [InlineData("pk_entries", "UPDATE entries SET seq = 1 WHERE tenant_id = $1")]
    [InlineData("ix_entries_idempotency_key_tenant_id", "UPDATE entries SET idempotency_key = tenant_id WHERE tenant_id = $1")]
    public async Task Even_the_owner_of_the_tables_cannot_break_a_constraint(string constraint, string damage)
    {
        var tenant = await postgres.TenantWithAsync(credits: 50);
        await tenant.DebitAsync(10);
        await tenant.HoldAsync(10);
        await using (var work = await postgres.Database.BeginAsync(tenant.Id))
        {
            await tenant.Ledger.SetRechargeBelowAsync(work, tenant.Id, Unit.Credits, Amount.Credits(80));
            await work.CommitAsync();
        }

        await using var owner = NpgsqlDataSource.Create(postgres.Connections.Owner);
        await using var command = owner.CreateCommand(damage);
        command.Parameters.Add(new() { Value = tenant.Id });
        var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
        Assert.Equal(constraint, refused.ConstraintName);
    }

    private async Task<string?> StateOfAsync(Guid tenantId, string sql)
    {
        await using var work = await postgres.Database.BeginAsync(tenantId);
        await using var command = work.Command(sql);
        return (await Record.ExceptionAsync(() => command.ExecuteNonQueryAsync()) as PostgresException)?.SqlState;
    }

    private async Task<string?> StateOfOpsAsync(string sql)
    {
        await using var work = await postgres.Database.BeginOpsAsync();
        await using var command = work.Command(sql);
        return (await Record.ExceptionAsync(() => command.ExecuteNonQueryAsync()) as PostgresException)?.SqlState;
    }
}
