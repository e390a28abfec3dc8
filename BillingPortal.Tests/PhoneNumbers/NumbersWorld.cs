using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.PhoneNumbers;
using BillingPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Tests.PhoneNumbers;

/// <summary>A database of its own, a clock that tests move, and one portal instance; more of them on demand.</summary>
public sealed class NumbersWorld : IAsyncLifetime
{
    private static long _lastNumber = 2_000_000;

    public ManualClock Clock { get; } = new(Day(2027, 12, 1));

    public ConnectionStrings Connections { get; private set; } = null!;

    internal NumbersNode First { get; private set; } = null!;

    public static DateTimeOffset Day(int year, int month, int day) => new(year, month, day, 0, 0, 0, TimeSpan.Zero);

    public async ValueTask InitializeAsync()
    {
        Connections = await TestPostgres.CreateDatabaseAsync();
        First = Node();
    }

    public ValueTask DisposeAsync() => First.DisposeAsync();

    internal NumbersNode Node(params (string Name, string Value)[] settings) => new(Connections, Clock, settings);

    /// <summary>A tenant with opened accounts and so much on the credits account.</summary>
    internal async Task<Renter> TenantAsync(decimal balance = 0)
    {
        var id = Ids.New();
        await using (var unit = await First.Database.BeginOpsAsync())
        {
            await First.Get<LedgerWriter>().OpenAccountsAsync(unit, id);
            await unit.CommitAsync();
        }

        var renter = new Renter(this, id);
        if (balance > 0)
        {
            await renter.TopUpAsync(balance);
        }

        return renter;
    }

    /// <summary>Numbers in service whose next rent falls due then, with that day (or a later one of short months) as anchor.</summary>
    internal async Task<IReadOnlyList<PhoneNumber>> OwnAsync(
        Guid tenantId, params (DateTimeOffset Next, int AnchorDay)[] dates)
    {
        var numbers = dates.Select(date => new PhoneNumber
        {
            Id = Ids.New(),
            TenantId = tenantId,
            Number = $"+1415{Interlocked.Increment(ref _lastNumber)}",
            Country = "US",
            State = PhoneNumberState.Active,
            Unit = Unit.Credits,
            ProviderSid = $"PN{Ids.New():N}",
            AnchorDay = date.AnchorDay,
            NextBillingDate = date.Next,
            CreatedAt = Clock.GetUtcNow(),
            AcquiredAt = Clock.GetUtcNow(),
        }).ToList();
        await using var unit = await First.Database.BeginOpsAsync();
        unit.Db.AddRange(numbers);
        await unit.CommitAsync();
        return numbers;
    }

    /// <summary>The job as the clock starts it, at 02:00 of that day.</summary>
    internal Task<RentCounts> BillAsync(DateTimeOffset day)
    {
        Clock.MoveTo(day.AddHours(2));
        return First.Rents.RunAsync();
    }

    internal async Task<IReadOnlyList<NumberRent>> RentsAsync(Guid? tenantId = null)
    {
        await using var unit = await First.Database.BeginOpsAsync();
        return await unit.Db.Set<NumberRent>().AsNoTracking()
            .Where(rent => tenantId == null || rent.TenantId == tenantId)
            .OrderBy(rent => rent.NumberId).ThenBy(rent => rent.PeriodStart).ToListAsync();
    }

    /// <summary>The books add up, and every entry of rent has its period: once, with its amount, and nothing besides.</summary>
    internal async Task AssertEveryRentIsInTheBooksOnceAsync()
    {
        Assert.Empty((await First.Get<LedgerAudit>().RunAsync(full: true)).Violations);
        await using var unit = await First.Database.BeginOpsAsync();
        await using var command = unit.Command(
            """
            SELECT count(*) FROM (SELECT * FROM entries WHERE kind = 'rent') AS e
            FULL JOIN (SELECT * FROM number_rents WHERE amount_e4 > 0) AS r
              ON r.tenant_id = e.tenant_id AND r.unit = e.unit AND r.entry_seq = e.seq
            WHERE e.seq IS NULL OR r.entry_seq IS NULL OR e.amount_e4 <> -r.amount_e4 OR e.cause_id <> r.number_id::text
            """);
        Assert.Equal(0L, await command.ExecuteScalarAsync());
    }
}

/// <summary>A tenant that rents numbers, and the sentences a test wants to say about it.</summary>
internal sealed class Renter(NumbersWorld world, Guid id)
{
    public Guid Id => id;

    /// <summary>As a paid purchase does it: credits and claims in one transaction.</summary>
    public async Task TopUpAsync(decimal amount, NumbersNode? node = null)
    {
        node ??= world.First;
        await using var unit = await node.Database.BeginOpsAsync();
        await node.Get<TopUp>().PostAsync(unit, [Credit(amount)]);
        await unit.CommitAsync();
    }

    public Task<IReadOnlyList<PhoneNumber>> OwnAsync(params (DateTimeOffset Next, int AnchorDay)[] dates) =>
        world.OwnAsync(id, dates);

    public async Task<decimal> BalanceAsync() =>
        (await world.First.Get<BalanceReader>().ReadAsync(id, Unit.Credits)).Available.ToDecimal();

    public async Task<PhoneNumber> NumberAsync(Guid numberId) => (await NumbersAsync()).Single(row => row.Id == numberId);

    public async Task<IReadOnlyList<PhoneNumber>> NumbersAsync()
    {
        await using var unit = await world.First.Database.BeginAsync(id);
        return await unit.Db.Set<PhoneNumber>().AsNoTracking().OrderBy(number => number.Number).ToListAsync();
    }

    /// <summary>First days of the paid periods, oldest first.</summary>
    public async Task<IReadOnlyList<DateTimeOffset>> PaidAsync() =>
        [.. (await world.RentsAsync(id)).Select(rent => rent.PeriodStart).Order()];

    public async Task<long> CountAsync(string sql)
    {
        await using var unit = await world.First.Database.BeginOpsAsync();
        await using var command = unit.Command(sql, id);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public Posting Credit(decimal amount) => new()
    {
        TenantId = id,
        Operation = LedgerOperation.Credit,
        Amount = Amount.Credits(amount),
        Kind = EntryKind.Purchase,
        Counter = CounterAccount.CardClearing,
        Key = Ids.New(),
        CauseType = "test",
        OccurredAt = world.Clock.GetUtcNow(),
    };
}
