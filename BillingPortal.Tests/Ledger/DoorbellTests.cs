using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Outbox;
using BillingPortal.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace BillingPortal.Tests.Ledger;

/// <summary>A posting rings at the open pages of its tenant.</summary>
public sealed class DoorbellTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_open_page_hears_of_a_posting(bool inTransaction)
    {
        var tenant = await postgres.TenantWithAsync(credits: 10);
        await using var signals = new PostgresSignals(
            postgres.Connections, postgres.Clock, NullLogger<PostgresSignals>.Instance);
        await using var feed = new BalanceFeed(postgres.Database, signals, postgres.Clock, NullLogger<BalanceFeed>.Instance);
        await using var ledger = new LedgerWriter(postgres.Database, postgres.Clock, feed: feed);
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var page = feed.Subscribe(tenant.Id, () =>
        {
            heard.TrySetResult();
            return Task.CompletedTask;
        });

        var posting = tenant.Posting(LedgerOperation.Debit, Amount.Credits(1));
        if (inTransaction)
        {
            await using var work = await postgres.Database.BeginAsync(tenant.Id);
            await ledger.PostAsync(work, [posting]);
            await work.CommitAsync();
        }
        else
        {
            await ledger.PostAsync(posting);
        }

        await heard.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }
}
