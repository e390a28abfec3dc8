using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.Ledger;

/// <summary>Two portals on one database: nothing but the database keeps their writers apart.</summary>
public sealed class TwoWritersTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    // 400 debits of 1 for 300 credits, every key sent through both portals: 300 posted, each once.
    [Fact]
    public async Task On_one_hot_tenant_every_key_is_posted_once_and_no_credit_is_spent_twice()
    {
        var tenant = await postgres.TenantWithAsync(credits: 300);
        await using var portals = new Portals(postgres);
        var postings = Enumerable.Range(0, 400).Select(_ => tenant.Posting(LedgerOperation.Debit, Amount.Credits(1))).ToList();

        var answers = await portals.BothAsync(postings);

        var posted = answers.Where(answer => answer.Outcome == PostOutcome.Posted).ToList();
        Assert.Equal(300, posted.Count);
        Assert.Equal(300, posted.Select(answer => answer.Seq).Distinct().Count());
        Assert.All(answers, answer => Assert.False(answer.Differs));
        await tenant.AssertBooksBalanceAsync(expected: 0);
    }

    // Holds of 10, each captured or released by both portals at once: one of the two ends it.
    [Fact]
    public async Task A_hold_is_ended_by_one_of_them()
    {
        var tenant = await postgres.TenantWithAsync(credits: 500);
        await using var portals = new Portals(postgres);
        var holds = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => tenant.HoldAsync(10)));

        var answers = await Task.WhenAll(holds.SelectMany(hold => new[]
        {
            portals.First.PostAsync(tenant.Posting(LedgerOperation.Capture, Amount.Credits(10)) with { HoldId = hold.HoldId }),
            portals.Second.PostAsync(tenant.Posting(LedgerOperation.Release, Amount.Credits(10)) with { HoldId = hold.HoldId }),
        }));

        var captured = answers.Where((_, index) => index % 2 == 0).Count(answer => answer.Outcome == PostOutcome.Posted);
        Assert.Equal(50, answers.Count(answer => answer.Outcome == PostOutcome.Posted));
        Assert.Equal(50, answers.Count(answer => answer.Outcome == PostOutcome.HoldEnded));
        await tenant.AssertBooksBalanceAsync(expected: 500 - (10 * captured));
    }

    // 10 credits; a hold of 10 is not committed yet when another portal asks for one: it waits, and then judges by what was committed.
    [Fact]
    public async Task A_posting_waits_for_an_uncommitted_one_on_its_account_and_judges_after_it()
    {
        var tenant = await postgres.TenantWithAsync(credits: 10);
        await using var portals = new Portals(postgres);
        await using var work = await postgres.Database.BeginOpsAsync();
        await portals.First.PostAsync(work, [tenant.Posting(LedgerOperation.Hold, Amount.Credits(10))]);

        var second = portals.Second.PostAsync(tenant.Posting(LedgerOperation.Hold, Amount.Credits(10)));
        await UntilSomebodyWaitsForALockAsync();
        await work.CommitAsync();

        Assert.Equal(PostOutcome.Insufficient, (await second).Outcome);
        Assert.Equal(Amount.Credits(10), (await tenant.BalanceAsync()).Held);
        await tenant.AssertBooksBalanceAsync(expected: 10);
    }

    // Batches over the same thirty tenants, some of which run dry, in opposite orders: nobody waits for ever, nothing fails.
    [Fact]
    public async Task Batches_over_the_same_tenants_in_opposite_orders_do_not_block_each_other()
    {
        var tenants = await Task.WhenAll(
            Enumerable.Range(0, 30).Select(i => postgres.TenantWithAsync(credits: i % 3 == 0 ? 5 : 500)));
        await using var portals = new Portals(postgres);
        var forwards = Enumerable.Range(0, 600).Select(i => Next(tenants[i % 30], i)).ToList();
        var backwards = Enumerable.Range(0, 600).Select(i => Next(tenants[29 - (i % 30)], i)).ToList();

        var answers = await Task.WhenAll(portals.First.PostAsync(forwards), portals.Second.PostAsync(backwards));

        Assert.All(answers.SelectMany(list => list), answer =>
            Assert.True(answer.Outcome is PostOutcome.Posted or PostOutcome.Insufficient));
        Assert.Empty((await new LedgerAudit(postgres.Database, postgres.Clock).RunAsync(full: true)).Violations);
    }

    // 300 credits; one portal sends lists of debits and holds, four sessions send lone debits, half of them under keys of the lists.
    [Fact]
    public async Task Lone_debits_and_lists_race_on_one_tenant_and_every_key_is_posted_once()
    {
        var tenant = await postgres.TenantWithAsync(credits: 300);
        await using var portals = new Portals(postgres);
        var listed = Enumerable.Range(0, 240).Select(i => Next(tenant, i)).ToList();
        var lone = Enumerable.Range(0, 240).Select(i =>
            i % 2 == 0 ? listed[i] : tenant.Posting(LedgerOperation.Debit, Amount.Credits(1))).ToList();

        var lists = listed.Chunk(12).Select(list => portals.First.PostAsync(list)).ToList();
        var sessions = Enumerable.Range(0, 4).Select(session => AloneAsync(tenant, lone.Where((_, i) => i % 4 == session))).ToList();
        var answers = (await Task.WhenAll(lists)).Concat(await Task.WhenAll(sessions)).SelectMany(list => list).ToList();

        var sent = listed.Concat(lone).ToList();
        Assert.Equal(300, answers.Count(answer => answer.Outcome == PostOutcome.Posted));
        Assert.All(answers, answer => Assert.False(answer.Differs));
        Assert.Equal(sent.Count, answers.Count);
        Assert.Equal(Amount.Credits(0), (await tenant.BalanceAsync()).Available);
        Assert.Empty((await new LedgerAudit(postgres.Database, postgres.Clock).RunAsync(full: true)).Violations);
    }

    private static async Task<IReadOnlyList<PostResult>> AloneAsync(TestTenant tenant, IEnumerable<Posting> postings)
    {
        var answers = new List<PostResult>();
        foreach (var posting in postings)
        {
            await using var work = await tenant.BeginAsync();
            answers.AddRange(await tenant.Ledger.PostAsync(work, [posting]));
            await work.CommitAsync();
        }

        return answers;
    }

    // The same key under both units: two accounts, two locks, and still one key.
    [Fact]
    public async Task A_key_that_races_in_under_the_other_unit_is_posted_once()
    {
        var tenant = await postgres.TenantWithAsync(credits: 100, usd: 100);
        await using var portals = new Portals(postgres);
        var credits = Enumerable.Range(0, 100).Select(_ => tenant.Posting(LedgerOperation.Debit, Amount.Credits(1))).ToList();
        var usd = credits.Select(posting => posting with { Amount = Amount.Usd(1) }).ToList();

        var answers = await Task.WhenAll(portals.First.PostAsync(credits), portals.Second.PostAsync(usd));

        Assert.Equal(100, answers.SelectMany(list => list).Count(answer => answer.Outcome == PostOutcome.Posted));
        Assert.Equal(100, answers.SelectMany(list => list).Count(answer => answer is { Outcome: PostOutcome.Duplicate, Differs: true }));
    }

    private async Task UntilSomebodyWaitsForALockAsync()
    {
        await using var command = postgres.Database.Ops.CreateCommand(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'");
        while (await command.ExecuteScalarAsync(TestContext.Current.CancellationToken) is 0L)
        {
            await Task.Yield();
        }
    }

    private static Posting Next(TestTenant tenant, int number) =>
        tenant.Posting(number % 7 == 0 ? LedgerOperation.Hold : LedgerOperation.Debit, Amount.Credits(1));

    /// <summary>Two ledger writers with data sources of their own.</summary>
    private sealed class Portals(PostgresFixture postgres) : IAsyncDisposable
    {
        private readonly Database _first = new(postgres.Connections);
        private readonly Database _second = new(postgres.Connections);
        private LedgerWriter? _firstWriter;
        private LedgerWriter? _secondWriter;

        public LedgerWriter First => _firstWriter ??= new LedgerWriter(_first, postgres.Clock);

        public LedgerWriter Second => _secondWriter ??= new LedgerWriter(_second, postgres.Clock);

        public async Task<IReadOnlyList<PostResult>> BothAsync(IReadOnlyList<Posting> postings)
        {
            var answers = postings.SelectMany(posting => new[] { First.PostAsync(posting), Second.PostAsync(posting) }).ToList();
            return await Task.WhenAll(answers);
        }

        public async ValueTask DisposeAsync()
        {
            await First.DisposeAsync();
            await Second.DisposeAsync();
            await _first.DisposeAsync();
            await _second.DisposeAsync();
        }
    }
}
