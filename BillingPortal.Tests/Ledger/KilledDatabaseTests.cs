using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Processes;
using Microsoft.Extensions.Logging.Abstractions;

namespace BillingPortal.Tests.Ledger;

/// <summary>A durable PostgreSQL of its own, killed with SIGKILL while batches are under way.</summary>
public sealed class KilledDatabaseTests
{
    private const int AnswersBeforeTheKill = 2_000;

    // 64 fill batches; 3 mostly find their lane idle and post debits alone.
    [Theory]
    [InlineData(64)]
    [InlineData(3)]
    public async Task What_was_answered_before_kill_9_stands_in_the_books_once(int callers)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"portal-killed-{Ids.New()}");
        var tenants = Enumerable.Range(0, 20).Select(_ => Ids.New()).ToArray();
        await using var server = await PostgresProcess.StartAsync(folder);
        try
        {
            var connections = ConnectionStrings.FromOwner(server.Owner());
            await new Migrator(connections, NullLogger<Migrator>.Instance).MigrateAsync();
            var answered = await DebitUntilKilledAsync(connections, tenants, callers, () => _ = server.KillAsync());
            await server.Process.WaitForExitAsync();

            await server.StartAgainAsync();
            await AssertStandsOnceAsync(connections, answered);
        }
        finally
        {
            await server.KillAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<Dictionary<Guid, PostResult>> DebitUntilKilledAsync(
        ConnectionStrings connections, Guid[] tenants, int callers, Action kill)
    {
        await using var database = new Database(connections);
        await using var ledger = new LedgerWriter(database, TimeProvider.System);
        await using (var ops = await database.BeginOpsAsync())
        {
            foreach (var tenant in tenants)
            {
                await ledger.OpenAccountsAsync(ops, tenant);
            }

            await ledger.PostAsync(ops, [.. tenants.Select(tenant => Next(tenant, LedgerOperation.Credit, 1_000_000))]);
            await ops.CommitAsync();
        }

        var answered = new Dictionary<Guid, PostResult>();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            for (var i = caller; ; i++)
            {
                var posting = Next(tenants[i % tenants.Length], LedgerOperation.Debit, 1);
                if (await Record.ExceptionAsync(async () => Note(answered, posting, await ledger.PostAsync(posting))) is not null)
                {
                    return; // the server is gone
                }

                if (answered.Count >= AnswersBeforeTheKill)
                {
                    kill();
                }
            }
        })));
        return answered;
    }

    private static void Note(Dictionary<Guid, PostResult> answered, Posting posting, PostResult result)
    {
        lock (answered)
        {
            answered.Add(posting.Key, result);
        }
    }

    private static async Task AssertStandsOnceAsync(ConnectionStrings connections, Dictionary<Guid, PostResult> answered)
    {
        await using var database = new Database(connections);
        await using var command = database.Ops.CreateCommand("SELECT idempotency_key, seq FROM entries WHERE amount_e4 < 0");
        var stands = new List<(Guid Key, long Seq)>();
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                stands.Add((reader.GetGuid(0), reader.GetInt64(1)));
            }
        }

        Assert.True(answered.Count >= AnswersBeforeTheKill);
        var seqs = stands.ToDictionary(entry => entry.Key, entry => entry.Seq); // throws when a key stands twice
        Assert.All(answered, answer => Assert.Equal(answer.Value.Seq, seqs[answer.Key]));
        Assert.Empty((await new LedgerAudit(database, TimeProvider.System).RunAsync(full: true)).Violations);
    }

    private static Posting Next(Guid tenant, LedgerOperation operation, int amount) => new()
    {
        TenantId = tenant,
        Operation = operation,
        Amount = Amount.Credits(amount),
        Kind = operation == LedgerOperation.Credit ? EntryKind.Purchase : EntryKind.Usage,
        Counter = operation == LedgerOperation.Credit ? CounterAccount.CardClearing : CounterAccount.VoiceRevenue,
        Key = Ids.New(),
        CauseType = "test",
        OccurredAt = TimeProvider.System.GetUtcNow(),
    };
}
