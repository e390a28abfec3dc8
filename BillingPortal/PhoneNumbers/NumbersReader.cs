using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Pricing;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.PhoneNumbers;

/// <summary>Reads what the page Phone numbers shows. Bounded; locks nothing.</summary>
public sealed class NumbersReader(
    Database database, PhoneNumberReader numbers, BalanceReader balances, PriceBook prices, TimeProvider clock)
{
    private const int NumbersMax = 500;
    private const int RentsMax = 60;

    /// <summary>How far the renewal calendar looks ahead.</summary>
    public const int CalendarDays = 60;

    /// <param name="tenantId">Whose.</param>
    /// <param name="plan">The account whose balance and prices are shown.</param>
    /// <param name="numberId">The history of this number alone; null: of all.</param>
    public async Task<NumbersView> ReadAsync(
        Guid tenantId, Unit plan, Guid? numberId, CancellationToken cancellationToken = default)
    {
        var now = clock.GetUtcNow();
        var priced = new NumberPrices(await prices.SnapshotAsync(cancellationToken));
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        var available = new Dictionary<Unit, Amount>();
        foreach (var account in Enum.GetValues<Unit>())
        {
            available[account] = (await balances.ReadAsync(unit, tenantId, account, cancellationToken)).Available;
        }

        var upcoming = await numbers.UpcomingAsync(
            unit, tenantId, now.AddDays(CalendarDays), NumbersMax, cancellationToken);
        var rows = from number in await RowsAsync(unit, now, cancellationToken)
                   select new NumberRow(number, RentOf(number, priced, now), available[number.Unit]);
        return new NumbersView(
            [.. rows], RenewalDay.Of(upcoming, available), await RentsAsync(unit, numberId, cancellationToken),
            available[plan], priced.SetUp(tenantId, plan, now), priced.Monthly(tenantId, plan, ownE4: null, now));
    }

    /// <summary>The numbers that the page shows, the newest first, with what each costs at its next renewal.</summary>
    public async Task<IReadOnlyList<ListedNumber>> ListAsync(
        Guid tenantId, int most, CancellationToken cancellationToken = default)
    {
        var now = clock.GetUtcNow();
        var priced = new NumberPrices(await prices.SnapshotAsync(cancellationToken));
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        var rows = await Shown(unit, now).OrderByDescending(number => number.CreatedAt).ThenByDescending(number => number.Id)
            .Take(most).ToListAsync(cancellationToken);
        return [.. rows.Select(number => new ListedNumber(number, RentOf(number, priced, now)))];
    }

    private static Amount? RentOf(PhoneNumber number, NumberPrices priced, DateTimeOffset now) => priced.Monthly(
        number.TenantId, number.Unit, number.MonthlyCostE4,
        number.NextBillingDate > now ? number.NextBillingDate.Value : now);

    private static Task<List<PhoneNumber>> RowsAsync(
        UnitOfWork unit, DateTimeOffset now, CancellationToken cancellationToken) =>
        Shown(unit, now).OrderByDescending(number => number.State == PhoneNumberState.Suspended)
            .ThenBy(number => number.CreatedAt).ThenBy(number => number.Id)
            .Take(NumbersMax).ToListAsync(cancellationToken);

    private static IQueryable<PhoneNumber> Shown(UnitOfWork unit, DateTimeOffset now)
    {
        var recently = now.AddDays(-1);
        return unit.Db.Set<PhoneNumber>().AsNoTracking().Where(number => number.State != PhoneNumberState.Released
            && (number.State != PhoneNumberState.NotBought || number.CreatedAt > recently));
    }

    private static async Task<IReadOnlyList<PaidRent>> RentsAsync(
        UnitOfWork unit, Guid? numberId, CancellationToken cancellationToken) =>
        await (from rent in unit.Db.Set<NumberRent>().AsNoTracking()
               join number in unit.Db.Set<PhoneNumber>() on rent.NumberId equals number.Id
               where numberId == null || rent.NumberId == numberId
               orderby rent.PaidAt descending, rent.PeriodStart descending
               select new PaidRent(rent, number.Number, number.Label)).Take(RentsMax).ToListAsync(cancellationToken);
}
