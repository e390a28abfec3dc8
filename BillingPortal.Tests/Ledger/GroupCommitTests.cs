using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Tests.Support;
using Npgsql;

namespace BillingPortal.Tests.Ledger;

/// <summary>The queue in front of the posting function: bounded, fair to its neighbours, drained at the end.</summary>
public sealed class GroupCommitTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_poisonous_request_fails_alone()
    {
        var tenant = await postgres.TenantWithAsync(credits: 100);
        var postings = Enumerable.Range(0, 40).Select(_ => Debit(tenant)).ToList();
        var poison = tenant.Posting(LedgerOperation.Credit, new Amount(long.MaxValue, Unit.Credits));

        postings.Insert(17, poison);
        var answers = postings.Select(posting => tenant.Ledger.PostAsync(posting)).ToList();

        var refused = await Assert.ThrowsAsync<PostgresException>(() => Task.WhenAll(answers));
        Assert.Equal(PostgresErrorCodes.NumericValueOutOfRange, refused.SqlState);
        Assert.Equal(40, answers.Count(answer => answer.IsCompletedSuccessfully));
        await tenant.AssertBooksBalanceAsync(expected: 60);
    }

    [Fact]
    public async Task A_full_queue_makes_callers_wait_and_loses_nobody()
    {
        var tenant = await postgres.TenantWithAsync(credits: 500);
        var narrow = new LedgerOptions { Lanes = 1, BatchMax = 3, QueueMax = 3 };
        await using var ledger = new LedgerWriter(postgres.Database, postgres.Clock, narrow);

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i =>
            Task.Run(() => ledger.PostAsync(Debit(tenant)))));

        Assert.All(answers, answer => Assert.Equal(PostOutcome.Posted, answer.Outcome));
        await tenant.AssertBooksBalanceAsync(expected: 300);
    }

    [Fact]
    public async Task Stopping_posts_what_is_queued_and_takes_nothing_more()
    {
        var tenant = await postgres.TenantWithAsync(credits: 500);
        var ledger = new LedgerWriter(postgres.Database, postgres.Clock);
        var queued = Enumerable.Range(0, 300).Select(_ => ledger.PostAsync(Debit(tenant))).ToList();

        await ledger.DisposeAsync();

        Assert.All(queued, answer => Assert.True(answer.IsCompletedSuccessfully));
        await Assert.ThrowsAsync<InvalidOperationException>(() => ledger.PostAsync(Debit(tenant)));
        await tenant.AssertBooksBalanceAsync(expected: 200);
    }

    [Fact]
    public async Task A_caller_who_has_gone_before_asking_posts_nothing()
    {
        var tenant = await postgres.TenantWithAsync(credits: 5);
        var gone = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => tenant.Ledger.PostAsync(Debit(tenant), gone));

        await tenant.AssertBooksBalanceAsync(expected: 5);
    }

    [Fact]
    public async Task A_lost_connection_repeats_the_batch_under_its_keys()
    {
        var tenant = await postgres.TenantWithAsync(credits: 100);
        await using var ledger = new LedgerWriter(postgres.Database, postgres.Clock, new LedgerOptions { Lanes = 1 });
        await ledger.PostAsync(Debit(tenant));
        await using (var owner = NpgsqlDataSource.Create(postgres.Connections.Owner))
        {
            await using var command = owner.CreateCommand(
                """
                SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                WHERE datname = current_database() AND usename = 'portal_ops'
                """);
            await command.ExecuteNonQueryAsync();
        }

        var answer = await ledger.PostAsync(Debit(tenant));

        Assert.Equal(PostOutcome.Posted, answer.Outcome);
        await tenant.AssertBooksBalanceAsync(expected: 98);
    }

    private static Posting Debit(TestTenant tenant) => tenant.Posting(LedgerOperation.Debit, Amount.Credits(1));

    [Theory]
    [InlineData(0, 8, 8, "Ledger:Lanes")]
    [InlineData(1, 0, 8, "Ledger:BatchMax")]
    [InlineData(1, 8, 7, "Ledger:QueueMax")]
    public void Senseless_settings_are_named(int lanes, int batchMax, int queueMax, string setting)
    {
        var options = new LedgerOptions { Lanes = lanes, BatchMax = batchMax, QueueMax = queueMax };

        Assert.Contains(setting, Assert.Throws<InvalidOperationException>(options.Validate).Message, StringComparison.Ordinal);
    }
}
