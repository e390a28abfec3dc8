using BillingPortal.AutoRecharge;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.PhoneNumbers;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Tests.AutoRecharge;

/// <summary>Grace days: what stays in service after a failed payment, until when, and what is paid in the end.</summary>
public sealed class GraceTests(RechargeWorld world) : IClassFixture<RechargeWorld>
{
    private static long _lastNumber = 5_000_000;

    // Failed on the day before the rent fell due, five days of grace: kept for four runs, suspended by the fifth.
    [Fact]
    public async Task A_number_is_kept_until_the_days_are_over_and_then_suspended()
    {
        var (payer, number, due) = await DueAsync(graceDays: 5);
        var since = (await payer.RuleAsync()).FailingSince!.Value;
        for (var day = 0; day < 4; day++)
        {
            await BillAsync(due.AddDays(day));
            var kept = await FindAsync(number);
            Assert.Equal((PhoneNumberState.Active, since.AddDays(5)), (kept.State, kept.GraceUntil));
            Assert.Equal((due, 31), (kept.NextBillingDate!.Value, kept.AnchorDay));
        }

        await BillAsync(due.AddDays(5));

        var suspended = await FindAsync(number);
        Assert.Equal((PhoneNumberState.Suspended, null), (suspended.State, suspended.GraceUntil));
        var mails = await payer.MailsAsync();
        Assert.Single(mails, subject => subject.StartsWith("A phone number's rent is due", StringComparison.Ordinal));
        Assert.Single(mails, "A phone number is out of service");
        Assert.Equal(0, await OpenNoticesAsync(payer, "phone_grace"));
        Assert.Equal(90, await payer.BalanceAsync());
    }

    // Due on 31 January, paid on 3 February: the month from 31 January, the next on 28 February, the anchor still 31.
    [Fact]
    public async Task A_top_up_in_grace_pays_the_full_period_from_its_own_date_across_a_month_end()
    {
        var (payer, number, due) = await DueAsync(graceDays: 14);
        await BillAsync(due);
        await BillAsync(due.AddDays(2));
        world.Clock.MoveTo(due.AddDays(3).AddHours(15));

        await TopUpAsync(payer, 50);

        var paid = await FindAsync(number);
        Assert.Equal((PhoneNumberState.Active, null), (paid.State, paid.GraceUntil));
        Assert.Equal((RentCalendar.Next(due, 31), 31), (paid.NextBillingDate!.Value, paid.AnchorDay));
        Assert.Equal(40, await payer.BalanceAsync());
        Assert.Equal([due], await PaidAsync(number));
        Assert.Equal(0, await OpenNoticesAsync(payer, "phone_grace"));
        await BillAsync(due.AddDays(4));
        Assert.Equal([due], await PaidAsync(number));
    }

    // The card is healed: the next try pays 250 and 20, and the rent goes out of them in the same transaction.
    [Fact]
    public async Task A_recharge_that_works_again_pays_the_rent_and_ends_the_series()
    {
        var (payer, number, due) = await DueAsync(graceDays: 10);
        await BillAsync(due);
        await world.Sandbox.DeclineCardAsync((await world.First.Cards.ListAsync(payer.Id))[0].PaymentMethodId, "");

        Assert.True((await payer.RunAsync(RechargeTrigger.Sweep)).Succeeded);

        Assert.Null((await FindAsync(number)).GraceUntil);
        Assert.Null((await payer.RuleAsync()).FailingSince);
        Assert.Equal([due], await PaidAsync(number));
        Assert.Equal(90 + 270 - 100, await payer.BalanceAsync());
    }

    [Fact]
    public async Task A_new_card_gives_no_new_days()
    {
        var (payer, _, _) = await DueAsync(graceDays: 3);
        var since = (await payer.RuleAsync()).FailingSince;
        world.Clock.Advance(TimeSpan.FromHours(20));

        await payer.SaveCardAsync("pm_card_chargeCustomerFail");
        await world.First.DeliverAsync();

        var rule = await payer.RuleAsync();
        Assert.Equal((0, since), (rule.ConsecutiveFailures, rule.FailingSince));
    }

    [Theory]
    [InlineData("grace_days = 0")]
    [InlineData("enabled = false")]
    [InlineData("failing_since = NULL")]
    [InlineData("unit = 'usd'")]
    public async Task Without_a_reason_a_number_is_suspended_as_ever(string sets)
    {
        var (payer, number, due) = await DueAsync(graceDays: 5);
        await SqlAsync($"UPDATE recharge_rules SET {sets} WHERE tenant_id = $1", payer.Id);

        await BillAsync(due);

        Assert.Equal(PhoneNumberState.Suspended, (await FindAsync(number)).State);
    }

    // Runs that are stopped in the middle, again and again: the number is kept, told of once, and nothing is charged.
    [Fact]
    public async Task Runs_killed_in_the_middle_keep_and_tell_once()
    {
        var (payer, number, due) = await DueAsync(graceDays: 5);
        world.Clock.MoveTo(due.AddHours(2));
        var random = new Random(31);
        for (var killed = 0; killed < 12; killed++)
        {
            using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(random.Next(1, 25)));
            try
            {
                await world.First.Get<RentService>().RunAsync(stop.Token);
            }
            catch (OperationCanceledException)
            {
                // as a process that was killed: nothing of its last batch stands
            }
        }

        await BillAsync(due);

        Assert.Equal(PhoneNumberState.Active, (await FindAsync(number)).State);
        Assert.Single(await payer.MailsAsync(), subject => subject.Contains("rent is due", StringComparison.Ordinal));
        Assert.Empty(await PaidAsync(number));
    }

    // The run that keeps a number and the top-up that pays it, side by side: whoever comes first, it is paid once.
    [Fact]
    public async Task A_top_up_beside_the_run_pays_once_and_leaves_nothing_waiting()
    {
        var scenes = new List<(Payer Payer, Guid Number, DateTimeOffset Due)>();
        for (var i = 0; i < 8; i++)
        {
            scenes.Add(await DueAsync(graceDays: 5));
        }

        world.Clock.MoveTo(scenes[0].Due.AddHours(2));
        var runs = Enumerable.Range(0, 3).Select(_ => world.First.Get<RentService>().RunAsync());
        await Task.WhenAll([.. runs, .. scenes.Select(scene => TopUpAsync(scene.Payer, 50))]);
        await world.First.DeliverAsync();
        await world.First.Get<RentService>().RunAsync();

        foreach (var (payer, number, _) in scenes)
        {
            Assert.Single(await PaidAsync(number));
            Assert.Null((await FindAsync(number)).GraceUntil);
            Assert.Equal(40, await payer.BalanceAsync());
        }

        Assert.Empty((await world.First.Get<LedgerAudit>().RunAsync(full: true)).Violations);
    }

    [Fact]
    public void A_series_that_begins_later_never_keeps_a_number_longer_than_its_own_days()
    {
        var due = new DateTimeOffset(2027, 1, 31, 0, 0, 0, TimeSpan.Zero);

        Assert.Equal(due.AddDays(4), new NumberGrace(Unit.Credits, due.AddDays(-1), 5).UntilFor(due));
        Assert.Equal(due.AddDays(5), new NumberGrace(Unit.Credits, due.AddDays(9), 5).UntilFor(due));
    }

    // 90 credits, a declined recharge the day before, and a rent of 100 on a 31st: the tenant cannot pay it.
    private async Task<(Payer Payer, Guid Number, DateTimeOffset Due)> DueAsync(int graceDays)
    {
        var due = new DateTimeOffset(2027, 1, 31, 0, 0, 0, TimeSpan.Zero);
        world.Clock.MoveTo(due.AddDays(-1).AddHours(12));
        var payer = await world.PayerAsync(
            90, ["pm_card_visa"],
            new RechargeChange { Enabled = true, Threshold = 100, Amount = 250, GraceDays = graceDays });
        await world.Sandbox.DeclineCardAsync(
            (await world.First.Cards.ListAsync(payer.Id))[0].PaymentMethodId, "insufficient_funds");
        Assert.Equal(AttemptState.Declined, (await payer.RunAsync()).State);
        return (payer, await OwnAsync(payer.Id, due), due);
    }

    private async Task<Guid> OwnAsync(Guid tenantId, DateTimeOffset due)
    {
        var number = new PhoneNumber
        {
            Id = Ids.New(),
            TenantId = tenantId,
            Number = $"+1415{Interlocked.Increment(ref _lastNumber)}",
            Country = "US",
            State = PhoneNumberState.Active,
            Unit = Unit.Credits,
            ProviderSid = $"PN{Ids.New():N}",
            AnchorDay = 31,
            NextBillingDate = due,
            CreatedAt = world.Clock.GetUtcNow(),
            AcquiredAt = world.Clock.GetUtcNow(),
        };
        await using var unit = await world.First.Database.BeginOpsAsync();
        unit.Db.Add(number);
        await unit.CommitAsync();
        return number.Id;
    }

    private Task<RentCounts> BillAsync(DateTimeOffset day)
    {
        world.Clock.MoveTo(day.AddHours(2));
        return world.First.Get<RentService>().RunAsync();
    }

    private async Task TopUpAsync(Payer payer, decimal amount)
    {
        await using var unit = await world.First.Database.BeginOpsAsync();
        await world.First.Get<TopUp>().PostAsync(unit, [new Posting
        {
            TenantId = payer.Id,
            Operation = LedgerOperation.Credit,
            Amount = Amount.Credits(amount),
            Kind = EntryKind.Purchase,
            Counter = CounterAccount.CardClearing,
            Key = Ids.New(),
            CauseType = "test",
            OccurredAt = world.Clock.GetUtcNow(),
        }]);
        await unit.CommitAsync();
    }

    private async Task<PhoneNumber> FindAsync(Guid id)
    {
        await using var unit = await world.First.Database.BeginOpsAsync();
        return await unit.Db.Set<PhoneNumber>().AsNoTracking().SingleAsync(number => number.Id == id);
    }

    private async Task<IReadOnlyList<DateTimeOffset>> PaidAsync(Guid numberId)
    {
        await using var unit = await world.First.Database.BeginOpsAsync();
        return await unit.Db.Set<NumberRent>().Where(rent => rent.NumberId == numberId)
            .OrderBy(rent => rent.PeriodStart).Select(rent => rent.PeriodStart).ToListAsync();
    }

    private async Task<long> OpenNoticesAsync(Payer payer, string kind)
    {
        await using var unit = await world.First.Database.BeginOpsAsync();
        await using var command = unit.Command(
            "SELECT count(*) FROM notifications WHERE tenant_id = $1 AND kind = $2 AND ended_at IS NULL", payer.Id, kind);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private async Task SqlAsync(string sql, Guid tenantId)
    {
        await using var unit = await world.First.Database.BeginOpsAsync();
        await using var command = unit.Command(sql, tenantId);
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
        await unit.CommitAsync();
    }
}
