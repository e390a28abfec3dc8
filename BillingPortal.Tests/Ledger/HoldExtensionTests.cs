using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Tests.Ledger;

/// <summary>A hold that grows while its call, or its month, goes on.</summary>
public sealed class HoldExtensionTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task An_extension_reserves_more_and_the_capture_takes_from_all_of_it()
    {
        var tenant = await postgres.TenantWithAsync(credits: 100);
        var hold = (await tenant.HoldAsync(30)).HoldId!.Value;

        var more = await ExtendAsync(tenant, hold, 20);
        var capture = await tenant.CaptureAsync(hold, 45);

        Assert.Equal(
            (PostOutcome.Posted, Amount.Credits(20), Amount.Credits(50), hold, 0L),
            (more.Outcome, more.Posted, more.Available, more.HoldId, more.Seq));
        Assert.Equal((Amount.Credits(45), Amount.Credits(55), Amount.Credits(0)), (capture.Posted, capture.Available, capture.Debt));
        await tenant.AssertBooksBalanceAsync(expected: 55);
    }

    [Fact]
    public async Task What_is_not_available_cannot_be_added_and_leaves_the_key_free()
    {
        var tenant = await postgres.TenantWithAsync(credits: 100);
        var hold = (await tenant.HoldAsync(60)).HoldId!.Value;

        Assert.Equal(PostOutcome.Insufficient, (await ExtendAsync(tenant, hold, 41, "more")).Outcome);
        Assert.Equal(PostOutcome.Posted, (await ExtendAsync(tenant, hold, 40, "more")).Outcome);
        Assert.Equal(PostOutcome.Insufficient, await tenant.DebitAsync(1));
    }

    [Fact]
    public async Task A_repeat_extends_once_and_other_content_is_told()
    {
        var tenant = await postgres.TenantWithAsync(credits: 100);
        var hold = (await tenant.HoldAsync(10)).HoldId!.Value;
        var other = (await tenant.HoldAsync(10)).HoldId!.Value;
        await ExtendAsync(tenant, hold, 20, "more");

        var repeat = await ExtendAsync(tenant, hold, 20, "more");
        var amount = await ExtendAsync(tenant, hold, 21, "more");
        var elsewhere = await ExtendAsync(tenant, other, 20, "more");

        Assert.Equal(
            (PostOutcome.Duplicate, false, Amount.Credits(20), hold), (repeat.Outcome, repeat.Differs, repeat.Posted, repeat.HoldId));
        Assert.Equal((PostOutcome.Duplicate, true), (amount.Outcome, amount.Differs));
        Assert.Equal((PostOutcome.Duplicate, true), (elsewhere.Outcome, elsewhere.Differs));
        Assert.Equal(Amount.Credits(40), (await tenant.BalanceAsync()).Held);
    }

    [Fact]
    public async Task A_key_stands_for_one_effect_be_it_entry_hold_or_extension()
    {
        var tenant = await postgres.TenantWithAsync(credits: 100);
        var hold = (await tenant.HoldAsync(10, "hold")).HoldId!.Value;
        await tenant.DebitAsync(5, "debit");
        await ExtendAsync(tenant, hold, 5, "extension");

        PostResult[] results =
        [
            await ExtendAsync(tenant, hold, 10, "hold"), await ExtendAsync(tenant, hold, 5, "debit"),
            await tenant.HoldAsync(5, "extension"),
        ];

        Assert.All(results, result => Assert.Equal((PostOutcome.Duplicate, true), (result.Outcome, result.Differs)));
        Assert.Equal(PostOutcome.Duplicate, await tenant.DebitAsync(5, "extension"));
        await tenant.AssertBooksBalanceAsync(expected: 95);
    }

    // The first answer counts, also for the hold itself: it was 10 when it was made.
    [Fact]
    public async Task A_hold_repeated_after_its_extension_is_still_the_same()
    {
        var tenant = await postgres.TenantWithAsync(credits: 100);
        var hold = (await tenant.HoldAsync(10, "hold")).HoldId!.Value;
        await ExtendAsync(tenant, hold, 30);

        var repeat = await tenant.HoldAsync(10, "hold");

        Assert.Equal(
            (PostOutcome.Duplicate, false, Amount.Credits(10), Amount.Credits(90)),
            (repeat.Outcome, repeat.Differs, repeat.Posted, repeat.Available));
    }

    [Fact]
    public async Task What_has_ended_or_never_was_cannot_be_extended()
    {
        var tenant = await postgres.TenantWithAsync(credits: 100);
        var stranger = await postgres.TenantWithAsync(credits: 100);
        var captured = (await tenant.HoldAsync(10)).HoldId!.Value;
        var released = (await tenant.HoldAsync(10)).HoldId!.Value;
        await tenant.CaptureAsync(captured, 10);
        await tenant.ReleaseAsync(released);

        Assert.Equal(PostOutcome.HoldEnded, (await ExtendAsync(tenant, captured, 1)).Outcome);
        Assert.Equal(PostOutcome.HoldEnded, (await ExtendAsync(tenant, released, 1)).Outcome);
        Assert.Equal(PostOutcome.UnknownHold, (await ExtendAsync(tenant, Ids.New(), 1)).Outcome);
        Assert.Equal(PostOutcome.UnknownHold, (await ExtendAsync(stranger, captured, 1)).Outcome);
        await Assert.ThrowsAsync<ArgumentException>(() => tenant.Ledger.PostAsync(
            tenant.Posting(LedgerOperation.Extend, Amount.Credits(1))));
    }

    [Fact]
    public async Task The_end_moves_later_only_and_never_stays_never()
    {
        var tenant = await postgres.TenantWithAsync(credits: 100);
        var now = postgres.Clock.GetUtcNow();
        var hold = (await tenant.HoldAsync(1, expiresAt: now.AddHours(4))).HoldId!.Value;
        var forever = (await tenant.HoldAsync(1)).HoldId!.Value;

        await ExtendAsync(tenant, hold, 1, expiresAt: now.AddHours(1));
        Assert.Equal(now.AddHours(4), (await ReadAsync(tenant, hold)).ExpiresAt);
        await ExtendAsync(tenant, hold, 1);
        Assert.Equal(now.AddHours(4), (await ReadAsync(tenant, hold)).ExpiresAt);
        await ExtendAsync(tenant, hold, 1, expiresAt: now.AddHours(6));
        Assert.Equal(now.AddHours(6), (await ReadAsync(tenant, hold)).ExpiresAt);
        await ExtendAsync(tenant, forever, 1, expiresAt: now.AddHours(6));
        Assert.Null((await ReadAsync(tenant, forever)).ExpiresAt);
    }

    // Many events of one month in one call: each is judged after the one before it.
    [Fact]
    public async Task A_batch_of_extensions_of_one_hold_is_judged_in_its_order()
    {
        var tenant = await postgres.TenantWithAsync(credits: 100);
        var hold = (await tenant.HoldAsync(10)).HoldId!.Value;
        decimal[] amounts = [40, 60, 30, 21, 20, 1];

        var results = await tenant.Ledger.PostAsync([.. amounts.Select(amount => Of(tenant, hold, amount))]);

        Assert.Equal(
            [true, false, true, false, true, false], results.Select(result => result.Outcome is PostOutcome.Posted));
        var row = await ReadAsync(tenant, hold);
        Assert.Equal((100L * Amount.Scale, 90L * Amount.Scale), (row.AmountE4, row.ExtendedE4));
        await using var unit = await postgres.Database.BeginAsync(tenant.Id);
        Assert.Equal(3, await unit.Db.Set<HoldExtension>().CountAsync(extension => extension.HoldId == hold));
    }

    // Thirty extensions of 10 race with twenty debits of 10 for 100 credits that are left: ten of all may win.
    [Fact]
    public async Task Racing_extensions_and_debits_never_reserve_more_than_there_is()
    {
        var tenant = await postgres.TenantWithAsync(credits: 110);
        var hold = (await tenant.HoldAsync(10)).HoldId!.Value;

        var extensions = Task.WhenAll(Enumerable.Range(0, 30).Select(_ => Task.Run(() => ExtendAsync(tenant, hold, 10))));
        var debits = Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => tenant.DebitAsync(10))));

        var extended = (await extensions).Count(result => result.Outcome is PostOutcome.Posted);
        var debited = (await debits).Count(outcome => outcome is PostOutcome.Posted);
        Assert.Equal(10, extended + debited);
        Assert.Equal(Amount.Credits(10 + (10 * extended)), (await tenant.BalanceAsync()).Held);
        await tenant.AssertBooksBalanceAsync(expected: 110 - (10 * debited));
    }

    [Fact]
    public async Task Nobody_but_the_posting_function_writes_extensions()
    {
        var tenant = await postgres.TenantWithAsync(credits: 10);
        foreach (var source in new[] { postgres.Database.App, postgres.Database.Ops })
        {
            await using var command = source.CreateCommand($"DELETE FROM hold_extensions WHERE tenant_id = '{tenant.Id}'");
            var fault = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => command.ExecuteNonQueryAsync());
            Assert.Equal("42501", fault.SqlState);
        }
    }

    private static Posting Of(TestTenant tenant, Guid hold, decimal amount, string? key = null, DateTimeOffset? expiresAt = null) =>
        tenant.Posting(LedgerOperation.Extend, Amount.Credits(amount), key) with { HoldId = hold, ExpiresAt = expiresAt };

    private static Task<PostResult> ExtendAsync(
        TestTenant tenant, Guid hold, decimal amount, string? key = null, DateTimeOffset? expiresAt = null) =>
        tenant.Ledger.PostAsync(Of(tenant, hold, amount, key, expiresAt));

    private async Task<Hold> ReadAsync(TestTenant tenant, Guid hold)
    {
        await using var unit = await postgres.Database.BeginAsync(tenant.Id);
        return await unit.Db.Set<Hold>().AsNoTracking().SingleAsync(row => row.Id == hold);
    }
}
