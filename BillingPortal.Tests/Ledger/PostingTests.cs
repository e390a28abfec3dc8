using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.Ledger;

/// <summary>Debits, credits, claw-backs and repeated keys.</summary>
public sealed class PostingTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    // Twenty debits of 10 race for 50 credits: exactly five may win, and the books must still add up.
    [Fact]
    public async Task Racing_debits_never_overdraw()
    {
        var tenant = await postgres.TenantWithAsync(credits: 50);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => tenant.DebitAsync(10, key: $"debit-{i}")));

        Assert.Equal(5, outcomes.Count(outcome => outcome is PostOutcome.Posted));
        Assert.Equal(15, outcomes.Count(outcome => outcome is PostOutcome.Insufficient));
        await tenant.AssertBooksBalanceAsync(expected: 0);
    }

    [Fact]
    public async Task A_repeated_key_debits_once_and_answers_with_the_first_figures()
    {
        var tenant = await postgres.TenantWithAsync(credits: 50);
        var posting = tenant.Posting(LedgerOperation.Debit, Amount.Credits(10));
        var first = await tenant.Ledger.PostAsync(posting);
        await tenant.DebitAsync(5);

        var repeat = await tenant.Ledger.PostAsync(posting);

        Assert.Equal(first with { Outcome = PostOutcome.Duplicate, Available = Amount.Credits(35) }, repeat);
        Assert.Equal("credits-2", repeat.EntryId);
        await tenant.AssertBooksBalanceAsync(expected: 35);
    }

    [Fact]
    public async Task A_repeated_key_with_another_amount_is_told_apart_and_changes_nothing()
    {
        var tenant = await postgres.TenantWithAsync(credits: 50);
        await tenant.DebitAsync(10, "call-1");

        var repeat = await tenant.Ledger.PostAsync(tenant.Posting(LedgerOperation.Debit, Amount.Credits(11), "call-1"));

        Assert.Equal((PostOutcome.Duplicate, true), (repeat.Outcome, repeat.Differs));
        Assert.Equal(Amount.Credits(10), repeat.Posted);
        await tenant.AssertBooksBalanceAsync(expected: 40);
    }

    [Fact]
    public async Task A_refused_debit_leaves_no_key()
    {
        var tenant = await postgres.TenantWithAsync(credits: 5);
        Assert.Equal(PostOutcome.Insufficient, await tenant.DebitAsync(10, "call-1"));
        await tenant.CreditAsync(5);

        Assert.Equal(PostOutcome.Posted, await tenant.DebitAsync(10, "call-1"));
        await tenant.AssertBooksBalanceAsync(expected: 0);
    }

    [Fact]
    public async Task A_list_is_judged_in_order_and_repeats_inside_it_are_recognised()
    {
        var tenant = await postgres.TenantWithAsync(credits: 10);
        var results = await tenant.Ledger.PostAsync([
            tenant.Posting(LedgerOperation.Debit, Amount.Credits(8), "a"),
            tenant.Posting(LedgerOperation.Debit, Amount.Credits(8), "b"),
            tenant.Posting(LedgerOperation.Debit, Amount.Credits(2), "c"),
            tenant.Posting(LedgerOperation.Debit, Amount.Credits(8), "a"),
        ]);

        Assert.Equal(
            [PostOutcome.Posted, PostOutcome.Insufficient, PostOutcome.Posted, PostOutcome.Duplicate],
            results.Select(result => result.Outcome));
        await tenant.AssertBooksBalanceAsync(expected: 0);
    }

    [Fact]
    public async Task Inside_a_transaction_a_list_that_does_not_fit_is_refused_in_part_and_the_transaction_goes_on()
    {
        var tenant = await postgres.TenantWithAsync(credits: 10);
        await using (var work = await postgres.Database.BeginAsync(tenant.Id))
        {
            var results = await tenant.Ledger.PostAsync(
                work, [.. Enumerable.Range(0, 3).Select(_ => tenant.Posting(LedgerOperation.Debit, Amount.Credits(4)))]);
            await work.CommitAsync();

            Assert.Equal(
                [PostOutcome.Posted, PostOutcome.Posted, PostOutcome.Insufficient], results.Select(result => result.Outcome));
        }

        await tenant.AssertBooksBalanceAsync(expected: 2);
    }

    [Fact]
    public async Task A_claw_back_takes_what_is_there_and_leaves_the_rest_as_debt()
    {
        var tenant = await postgres.TenantWithAsync(credits: 30);

        var result = await tenant.ClawBackAsync(100, "refund-1");
        var repeat = await tenant.ClawBackAsync(100, "refund-1");

        Assert.Equal((Amount.Credits(30), Amount.Credits(70)), (result.Posted, result.Debt));
        Assert.Equal((PostOutcome.Duplicate, false, Amount.Credits(30)), (repeat.Outcome, repeat.Differs, repeat.Posted));
        await tenant.AssertBooksBalanceAsync(expected: 0);
    }

    [Fact]
    public async Task A_claw_back_from_nothing_is_all_debt_and_still_posted_once()
    {
        var tenant = await postgres.TenantWithAsync();
        await tenant.ClawBackAsync(20, "refund-1");
        var repeat = await tenant.ClawBackAsync(20, "refund-1");

        Assert.Equal((PostOutcome.Duplicate, false, Amount.Credits(20)), (repeat.Outcome, repeat.Differs, repeat.Debt));
        Assert.Equal(0, repeat.Seq);
    }

    [Fact]
    public async Task A_top_up_posts_its_full_credit_and_repays_the_debt_by_an_entry_of_its_own()
    {
        var tenant = await postgres.TenantWithAsync();
        await tenant.ClawBackAsync(70);

        var result = await tenant.Ledger.PostAsync(tenant.Posting(LedgerOperation.Credit, Amount.Credits(100)));

        Assert.Equal((Amount.Credits(100), Amount.Credits(30), Amount.Zero(Unit.Credits)), (result.Posted, result.Balance, result.Debt));
        await tenant.AssertBooksBalanceAsync(expected: 30);
    }

    [Fact]
    public async Task While_there_is_debt_usage_is_refused()
    {
        var tenant = await postgres.TenantWithAsync();
        await tenant.ClawBackAsync(70);
        await tenant.CreditAsync(50);

        Assert.Equal(PostOutcome.Insufficient, await tenant.DebitAsync(1));
        Assert.Equal(Amount.Credits(20), (await tenant.BalanceAsync()).Debt);
    }

    [Fact]
    public async Task Both_units_are_separate_accounts()
    {
        var tenant = await postgres.TenantWithAsync(credits: 10, usd: 20);
        await tenant.DebitAsync(15, unit: Unit.Usd);

        await tenant.AssertBooksBalanceAsync(expected: 10);
        await tenant.AssertBooksBalanceAsync(expected: 5, Unit.Usd);
    }

    [Fact]
    public async Task A_tenant_without_accounts_is_an_outcome_not_an_error()
    {
        var stranger = new TestTenant(postgres, postgres.Ledger(), Ids.New());

        Assert.Equal(PostOutcome.UnknownAccount, await stranger.DebitAsync(1));
    }

    [Fact]
    public async Task An_entry_carries_the_portals_clock()
    {
        var tenant = await postgres.TenantWithAsync(credits: 1);
        await using var work = await postgres.Database.BeginAsync(tenant.Id);

        var entry = Assert.Single(work.Db.Set<Entry>());
        Assert.Equal(postgres.Clock.GetUtcNow(), entry.PostedAt);
    }

    [Fact]
    public async Task A_rolled_back_unit_of_work_takes_its_postings_with_it()
    {
        var tenant = await postgres.TenantWithAsync(credits: 10);
        await using (var work = await postgres.Database.BeginAsync(tenant.Id))
        {
            await tenant.Ledger.PostAsync(work, [tenant.Posting(LedgerOperation.Debit, Amount.Credits(4))]);
        }

        await tenant.AssertBooksBalanceAsync(expected: 10);
    }
}
