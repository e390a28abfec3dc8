using BillingPortal.PhoneNumbers;
using BillingPortal.Tests.TenantWebhooks;
using static BillingPortal.Tests.PhoneNumbers.NumbersWorld;

namespace BillingPortal.Tests.PhoneNumbers;

/// <summary>The daily run, on real PostgreSQL: what it charges, suspends and brings back.</summary>
public sealed class RentTests : IAsyncLifetime
{
    private readonly NumbersWorld _world = new();

    public ValueTask InitializeAsync() => _world.InitializeAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Rent_is_debited_and_the_date_moves_on_in_one_write()
    {
        var renter = await _world.TenantAsync(balance: 250);
        var (due, later) = (Day(2028, 1, 31), Day(2028, 2, 1));
        await renter.OwnAsync((due, 31), (later, 1));

        await _world.BillAsync(due);
        var again = await _world.BillAsync(due);

        Assert.Equal(0, again.Billed);
        Assert.Equal(150, await renter.BalanceAsync());
        Assert.Equal([Day(2028, 2, 29), later], (await renter.NumbersAsync()).Select(number => number.NextBillingDate));
        Assert.Equal([due], await renter.PaidAsync());
        await _world.AssertEveryRentIsInTheBooksOnceAsync();
    }

    // Three months without a job, 250 credits: two months are paid, oldest first, then the balance is not enough.
    [Fact]
    public async Task After_an_outage_each_missed_month_is_charged_oldest_first()
    {
        var renter = await _world.TenantAsync(balance: 250);
        await renter.OwnAsync((Day(2028, 3, 31), 31));

        var run = await _world.BillAsync(Day(2028, 6, 3));

        Assert.Equal([Day(2028, 3, 31), Day(2028, 4, 30)], await renter.PaidAsync());
        Assert.Equal((50m, PhoneNumberState.Suspended), (await renter.BalanceAsync(), (await renter.NumbersAsync())[0].State));
        Assert.True(run.Billed >= 2 && run.Suspended >= 1);
    }

    // 15 missed months: one run makes up for 12, the next day's for the rest.
    [Fact]
    public async Task One_run_makes_up_for_a_bounded_number_of_months()
    {
        var renter = await _world.TenantAsync(balance: 5000);
        await renter.OwnAsync((Day(2027, 6, 15), 15));

        await _world.BillAsync(Day(2028, 8, 20));
        Assert.Equal(12, (await renter.PaidAsync()).Count);

        await _world.BillAsync(Day(2028, 8, 21));
        Assert.Equal(15, (await renter.PaidAsync()).Count);
        Assert.Equal(Day(2028, 9, 15), (await renter.NumbersAsync())[0].NextBillingDate);
    }

    [Fact]
    public async Task A_suspended_number_is_tried_again_every_seven_days_and_pays_nothing_in_between()
    {
        var renter = await _world.TenantAsync(balance: 40);
        await renter.OwnAsync((Day(2028, 9, 1), 1));
        await _world.BillAsync(Day(2028, 9, 1));
        var suspended = (await renter.NumbersAsync())[0];
        Assert.Equal((PhoneNumberState.Suspended, Day(2028, 9, 8)), (suspended.State, suspended.NextRetryAt));
        Assert.Equal(_world.Clock.GetUtcNow(), suspended.SuspendedAt);

        Assert.Equal(0, (await _world.BillAsync(Day(2028, 9, 7))).Retried);
        Assert.Equal(1, (await _world.BillAsync(Day(2028, 9, 8))).Retried);

        var still = (await renter.NumbersAsync())[0];
        Assert.Equal((PhoneNumberState.Suspended, Day(2028, 9, 15)), (still.State, still.NextRetryAt));
        Assert.Equal(suspended.SuspendedAt, still.SuspendedAt);
        Assert.Empty(await renter.PaidAsync());
        Assert.Equal(40, await renter.BalanceAsync());
    }

    // Suspended on 1 October, 100 credits on the 13th: one full month from that day, which is the anchor from then on.
    [Fact]
    public async Task A_top_up_that_covers_it_brings_a_number_back_in_its_own_transaction()
    {
        var renter = await _world.TenantAsync();
        var number = (await renter.OwnAsync((Day(2028, 10, 1), 1)))[0];
        await _world.BillAsync(Day(2028, 10, 1));
        _world.Clock.MoveTo(Day(2028, 10, 13).AddHours(15));

        await renter.TopUpAsync(130);

        var back = await renter.NumberAsync(number.Id);
        Assert.Equal((PhoneNumberState.Active, 13, Day(2028, 11, 13)), (back.State, back.AnchorDay, back.NextBillingDate));
        Assert.Null(back.SuspendedAt);
        Assert.Null(back.NextRetryAt);
        Assert.Equal(["number.resumed", "number.suspended"], await _world.First.Database.EventTypesAsync(renter.Id));
        Assert.Equal((Day(2028, 10, 13), 30m), ((await renter.PaidAsync()).Single(), await renter.BalanceAsync()));
        await _world.AssertEveryRentIsInTheBooksOnceAsync();
    }

    // 100, 300 and 100 a month, suspended in this order; 220 credits pay the first and the last.
    [Fact]
    public async Task A_top_up_pays_the_longest_suspended_first_and_skips_what_does_not_fit()
    {
        var renter = await _world.TenantAsync();
        var numbers = await renter.OwnAsync((Day(2028, 11, 1), 1), (Day(2028, 11, 2), 2), (Day(2028, 11, 3), 3));
        await ChangeAsync("UPDATE phone_numbers SET monthly_cost_e4 = 3000000 WHERE id = $1", numbers[1].Id);
        for (var day = 1; day <= 3; day++)
        {
            await _world.BillAsync(Day(2028, 11, day));
        }

        await renter.TopUpAsync(220);

        Assert.Equal(
            [PhoneNumberState.Active, PhoneNumberState.Suspended, PhoneNumberState.Active],
            (await renter.NumbersAsync()).Select(number => number.State));
        Assert.Equal(20, await renter.BalanceAsync());
    }

    // Its tenant has no account.
    [Fact]
    public async Task A_number_that_nobody_can_judge_fails_alone_and_stays_due()
    {
        var (good, bad) = (await _world.TenantAsync(balance: 100), await _world.TenantAsync(balance: 100));
        await good.OwnAsync((Day(2028, 12, 1), 1));
        var number = (await bad.OwnAsync((Day(2028, 12, 1), 1)))[0];
        await ChangeAsync("UPDATE accounts SET tenant_id = gen_random_uuid() WHERE tenant_id = $1", bad.Id);

        var run = await _world.BillAsync(Day(2028, 12, 1));

        Assert.Equal(1, run.Failed);
        Assert.Equal([Day(2028, 12, 1)], await good.PaidAsync());
        Assert.Equal(Day(2028, 12, 1), (await bad.NumberAsync(number.Id)).NextBillingDate);
    }

    // A row that the database refuses to move spoils its batch of many; it is found by halving.
    [Fact]
    public async Task A_number_that_spoils_its_batch_is_left_out_and_all_others_are_charged()
    {
        var renters = new List<Renter>();
        for (var i = 0; i < 9; i++)
        {
            renters.Add(await _world.TenantAsync(balance: 100));
            await renters[i].OwnAsync((Day(2029, 1, 5), 5));
        }

        await ChangeAsync(
            "ALTER TABLE phone_numbers ADD CONSTRAINT ck_spoiled CHECK (tenant_id <> $1 OR next_billing_date < '2029-01-06') NOT VALID",
            renters[4].Id);

        var run = await _world.BillAsync(Day(2029, 1, 5));

        Assert.Equal((8, 1), (run.Billed, run.Failed));
        Assert.Equal(100, await renters[4].BalanceAsync());
        await ChangeAsync("ALTER TABLE phone_numbers DROP CONSTRAINT ck_spoiled", null);
        Assert.Equal(1, (await _world.BillAsync(Day(2029, 1, 6))).Billed);
        await _world.AssertEveryRentIsInTheBooksOnceAsync();
    }

    private async Task ChangeAsync(string sql, Guid? id)
    {
        await using var source = Npgsql.NpgsqlDataSource.Create(_world.Connections.Owner);
        await using var command = source.CreateCommand(sql.Replace("$1", $"'{id}'", StringComparison.Ordinal));
        await command.ExecuteNonQueryAsync();
    }
}
