using System.Collections.Concurrent;
using BillingPortal.Data;
using BillingPortal.Ledger;
using BillingPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace BillingPortal.Tests.Data;

/// <summary>A database is upgraded while the release before works on it: nobody fails or waits long, an interruption is mended.</summary>
public sealed class MigratorTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    // Each round applies every function, policy, grant and index anew, as an upgrade does.
    [Fact]
    public async Task Upgrades_in_the_midst_of_postings_fail_none_of_them()
    {
        var tenant = await postgres.TenantWithAsync(credits: 1_000_000);
        using var done = new CancellationTokenSource();
        var posting = Enumerable.Range(0, 4).Select(_ => PostUntilAsync(tenant, done.Token)).ToList();
        for (var round = 0; round < 5; round++)
        {
            await ExecuteAsync("UPDATE applied_scripts SET sha256 = 'older'");
            await MigrateAsync(NullLogger<Migrator>.Instance);
        }

        await done.CancelAsync();
        var posted = (await Task.WhenAll(posting)).Sum();
        await tenant.AssertBooksBalanceAsync(expected: 1_000_000 - posted);
    }

    // Everybody reads and writes every table all the time; scripts applied anew find all as it should be and wait for none of them.
    [Fact]
    public async Task Scripts_applied_anew_wait_for_no_table()
    {
        await using var source = NpgsqlDataSource.Create(postgres.Connections.Owner);
        await using var holder = await source.OpenConnectionAsync();
        await using var transaction = await holder.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand(
            """
            DO $$ DECLARE t regclass; BEGIN
              FOR t IN SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace IN ('public'::regnamespace, 'jobs'::regnamespace)
                AND relname <> 'applied_scripts' LOOP
                EXECUTE format('LOCK TABLE %s IN ROW EXCLUSIVE MODE', t);
              END LOOP;
            END $$
            """, holder))
        {
            await hold.ExecuteNonQueryAsync();
        }

        var log = new WaitingLog();
        await ExecuteAsync("UPDATE applied_scripts SET sha256 = 'older' WHERE id = 1");
        await new Migrator(postgres.Connections, log).MigrateAsync(TestContext.Current.CancellationToken);

        Assert.DoesNotContain(log.Lines, line => line.Contains("waits for a lock", StringComparison.Ordinal));
    }

    // Somebody's long transaction holds a row of users; the migration wants a foreign key to that table. Others must not queue behind it.
    [Fact]
    public async Task A_migration_lets_others_pass_while_it_cannot_have_its_lock()
    {
        var older = await TestPostgres.CreateDatabaseAsync();
        await ExecuteAsync(older, "DROP TABLE address_changes; DELETE FROM \"__EFMigrationsHistory\" "
            + "WHERE \"MigrationId\" = '20261120230719_AddressChanges'");
        await using var source = NpgsqlDataSource.Create(older.Owner);
        await using var holder = await source.OpenConnectionAsync();
        await using var transaction = await holder.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand("LOCK TABLE users IN ROW EXCLUSIVE MODE", holder))
        {
            await hold.ExecuteNonQueryAsync();
        }

        var log = new WaitingLog();
        var migrating = new Migrator(older, log).MigrateAsync(TestContext.Current.CancellationToken);
        if (await Task.WhenAny(log.Waited.Task, migrating) == migrating)
        {
            await migrating; // says why it did not wait
        }

        await ExecuteAsync(older, "UPDATE users SET name = name"); // the same kind of lock as the holder's: it passes
        await transaction.CommitAsync();
        await migrating;

        Assert.True(await ScalarAsync<bool>(older, "SELECT to_regclass('address_changes') IS NOT NULL"));
        Assert.Contains(log.Lines, line => line.Contains("waits for a lock", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_index_whose_building_was_interrupted_is_built_anew()
    {
        await ExecuteAsync("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_tenants_name'::regclass");

        await ExecuteAsync("UPDATE applied_scripts SET sha256 = 'older'");
        await MigrateAsync(NullLogger<Migrator>.Instance);

        Assert.True(await ScalarAsync<bool>("SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix_tenants_name'::regclass"));
    }

    // The second waits its turn without a snapshot: the first one's concurrent index would otherwise wait for it, and it for the first.
    [Fact]
    public async Task A_concurrent_index_is_built_by_a_migration_while_another_upgrade_waits_its_turn()
    {
        var migrator = new Migrator(postgres.Connections, NullLogger<Migrator>.Instance);
        await using var source = NpgsqlDataSource.Create(postgres.Connections.Owner);
        await using var guard = await source.OpenConnectionAsync();
        await using (var turn = new NpgsqlCommand("SELECT pg_advisory_lock(hashtext('billing-portal-migrate'))", guard))
        {
            await turn.ExecuteNonQueryAsync();
        }

        var waiting = MigrateAsync(NullLogger<Migrator>.Instance);
        var options = new DbContextOptionsBuilder<BillingDb>()
            .UseNpgsql(postgres.Connections.Owner, npgsql => npgsql.MigrationsAssembly(typeof(ConcurrentIndex).Assembly.GetName().Name))
            .ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.PendingModelChangesWarning)).Options;

        Assert.Equal(1, await migrator.ApplyMigrationsAsync(options, TestContext.Current.CancellationToken));
        Assert.True(await ScalarAsync<bool>("SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix_entries_try'::regclass"));
        Assert.False(waiting.IsCompleted);
        await guard.CloseAsync();
        await using (var free = new NpgsqlConnection(postgres.Connections.Owner))
        {
            NpgsqlConnection.ClearPool(free);
        }

        await source.DisposeAsync();
        await waiting;
    }

    private static async Task<int> PostUntilAsync(TestTenant tenant, CancellationToken done)
    {
        var posted = 0;
        for (; !done.IsCancellationRequested; posted++)
        {
            Assert.Equal(PostOutcome.Posted, await tenant.DebitAsync(1));
        }

        return posted;
    }

    private Task MigrateAsync(ILogger<Migrator> logger) =>
        new Migrator(postgres.Connections, logger).MigrateAsync(TestContext.Current.CancellationToken);

    private Task ExecuteAsync(string sql) => ExecuteAsync(postgres.Connections, sql);

    private Task<T> ScalarAsync<T>(string sql) => ScalarAsync<T>(postgres.Connections, sql);

    private static async Task ExecuteAsync(ConnectionStrings database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database.Owner);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<T> ScalarAsync<T>(ConnectionStrings database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database.Owner);
        await using var command = source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Tells when the migrator said that it waits for a lock.</summary>
    private sealed class WaitingLog : ILogger<Migrator>
    {
        public TaskCompletionSource Waited { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ConcurrentQueue<string> Lines { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Lines.Enqueue(formatter(state, exception));
            if (logLevel == LogLevel.Warning)
            {
                Waited.TrySetResult();
            }
        }
    }
}

/// <summary>What a migration with one more index on a large table looks like.</summary>
[DbContext(typeof(BillingDb))]
[Migration("29990101000000_ConcurrentIndex")]
internal sealed class ConcurrentIndex : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder
        .CreateIndex("ix_entries_try", "entries", "posted_at").Annotation("Npgsql:CreatedConcurrently", true);
}
