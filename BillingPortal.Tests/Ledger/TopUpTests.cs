using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.Ledger;

/// <summary>What a top-up pays in its own transaction, and in which order.</summary>
public sealed class TopUpTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    // A debt of 30, waiting 10 and 500, then 40: the top-up of 100 pays 30, 10 and 40, and skips what does not fit.
    [Fact]
    public async Task A_top_up_pays_debt_first_then_the_claims_in_order_and_skips_what_does_not_fit()
    {
        var tenant = await postgres.TenantWithAsync(credits: 0);
        await tenant.ClawBackAsync(30);
        var (first, second) = (new Waiting(tenant, 10, 500), new Waiting(tenant, 40));

        var results = await PayInAsync(tenant, 100, commit: true, first, second);

        Assert.Equal(
            [PostOutcome.Posted, PostOutcome.Posted, PostOutcome.Insufficient, PostOutcome.Posted],
            results.Select(result => result.Outcome));
        Assert.Equal(Amount.Credits(20), results[^1].Balance);
        Assert.Equal([true, false], first.Paid);
        Assert.Equal([true], second.Paid);
        await tenant.AssertBooksBalanceAsync(expected: 20);
    }

    [Fact]
    public async Task A_top_up_that_does_not_commit_pays_nothing()
    {
        var tenant = await postgres.TenantWithAsync(credits: 0);

        await PayInAsync(tenant, 100, commit: false, new Waiting(tenant, 10));

        await tenant.AssertBooksBalanceAsync(expected: 0);
    }

    // The wallet's claim is not asked of the credits account; each claim is told when its account is done.
    [Fact]
    public async Task Only_the_account_that_was_topped_up_pays()
    {
        var tenant = await postgres.TenantWithAsync(credits: 0);
        var wallet = new Waiting(tenant, Unit.Usd, 5);

        var results = await PayInAsync(tenant, 100, commit: true, wallet);

        Assert.Single(results);
        Assert.Equal([(tenant.Id, Unit.Credits)], wallet.Told);
        await tenant.AssertBooksBalanceAsync(expected: 100);
    }

    private async Task<IReadOnlyList<PostResult>> PayInAsync(
        TestTenant tenant, decimal credits, bool commit, params ITopUpClaim[] claims)
    {
        await using var unit = await postgres.Database.BeginOpsAsync();
        var credit = tenant.Posting(LedgerOperation.Credit, Amount.Credits(credits));
        var results = await new TopUp(postgres.LedgerWriter, claims).PostAsync(unit, [credit]);
        if (commit)
        {
            await unit.CommitAsync();
        }

        return results;
    }

    /// <summary>A claim that waits for these amounts of one account and notes what was paid.</summary>
    private sealed class Waiting(TestTenant tenant, Unit unit, params decimal[] amounts) : ITopUpClaim
    {
        public Waiting(TestTenant tenant, params decimal[] amounts)
            : this(tenant, Unit.Credits, amounts)
        {
        }

        public List<bool> Paid { get; } = [];

        public List<(Guid TenantId, Unit Account)> Told { get; } = [];

        public Task<IReadOnlyList<Posting>> ProposeAsync(
            UnitOfWork work, Guid tenantId, Unit account, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<Posting>>(account != unit ? []
                : [.. amounts.Select(amount => tenant.Posting(LedgerOperation.Debit, Amount.Of(amount, unit)))]);

        public Task ApplyAsync(
            UnitOfWork work, Guid tenantId, Unit account, IReadOnlyList<(Posting Posting, PostResult Result)> own,
            CancellationToken cancellationToken)
        {
            Told.Add((tenantId, account));
            Paid.AddRange(own.Select(answered => answered.Result.IsPosted));
            return Task.CompletedTask;
        }
    }
}
