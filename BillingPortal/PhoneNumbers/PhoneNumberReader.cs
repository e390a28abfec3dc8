using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Pricing;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.PhoneNumbers;

/// <summary>Whose a number is and what rent falls due. Changes nothing and locks nothing.</summary>
public sealed class PhoneNumberReader(Database database, PriceBook prices)
{
    private const int PeriodsMax = 24;

    /// <summary>The number that sends when nobody names one: the longest owned of those in service.</summary>
    public Task<PhoneNumber?> FirstActiveAsync(
        UnitOfWork unit, Guid tenantId, CancellationToken cancellationToken = default) =>
        unit.Db.Set<PhoneNumber>().AsNoTracking()
            .Where(number => number.TenantId == tenantId && number.State == PhoneNumberState.Active)
            .OrderBy(number => number.AcquiredAt).ThenBy(number => number.Id).FirstOrDefaultAsync(cancellationToken);

    /// <summary>The tenant's own number, in whatever state; null when it is not, or no longer, the tenant's.</summary>
    public Task<PhoneNumber?> FindAsync(
        UnitOfWork unit, Guid tenantId, string e164, CancellationToken cancellationToken = default) =>
        InUse(unit).SingleOrDefaultAsync(
            number => number.TenantId == tenantId && number.Number == e164, cancellationToken);

    /// <summary>For webhooks: who owns the number that was called or written to. Of the operator, across tenants.</summary>
    public async Task<(Guid TenantId, PhoneNumber Number)?> FindOwnerAsync(
        string e164, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var owned = await InUse(unit).SingleOrDefaultAsync(number => number.Number == e164, cancellationToken);
        return owned is null ? null : (owned.TenantId, owned);
    }

    /// <summary>What the job will ask of this account by then: renewals, and suspended numbers that are tried again.</summary>
    public async Task<Amount> RentDueAsync(
        UnitOfWork unit, Guid tenantId, Unit plan, DateTimeOffset until, CancellationToken cancellationToken = default)
    {
        var groups = await Due(unit, tenantId, until).Where(number => number.Unit == plan)
            .GroupBy(number => new
            {
                number.State,
                number.NextBillingDate,
                number.NextRetryAt,
                number.AnchorDay,
                number.MonthlyCostE4,
            })
            .Select(group => new { group.Key, Count = group.Count() }).ToListAsync(cancellationToken);
        if (groups.Count == 0)
        {
            return Amount.Zero(plan);
        }

        var priced = new NumberPrices(await prices.SnapshotAsync(cancellationToken));
        var sum = Amount.Zero(plan);
        foreach (var group in groups)
        {
            var key = group.Key;
            foreach (var at in Dates(key.State, key.NextBillingDate, key.NextRetryAt, key.AnchorDay, until))
            {
                sum += (priced.Monthly(tenantId, plan, key.MonthlyCostE4, at) ?? Amount.Zero(plan)) * group.Count;
            }
        }

        return sum;
    }

    /// <summary>The same, one by one, soonest first: of the first <paramref name="numbersMax"/> numbers.</summary>
    public async Task<IReadOnlyList<UpcomingRent>> UpcomingAsync(
        UnitOfWork unit, Guid tenantId, DateTimeOffset until, int numbersMax = 500,
        CancellationToken cancellationToken = default)
    {
        var numbers = await Due(unit, tenantId, until)
            .OrderBy(number => number.State == PhoneNumberState.Suspended ? number.NextRetryAt : number.NextBillingDate)
            .ThenBy(number => number.Id).Take(numbersMax).ToListAsync(cancellationToken);
        var priced = new NumberPrices(await prices.SnapshotAsync(cancellationToken));
        return [.. from number in numbers
                   from at in Dates(number.State, number.NextBillingDate, number.NextRetryAt, number.AnchorDay, until)
                   let rent = priced.Monthly(tenantId, number.Unit, number.MonthlyCostE4, at)
                   orderby at, number.Id
                   select new UpcomingRent(
                       number.Id, number.Number, number.Label, at, rent ?? Amount.Zero(number.Unit),
                       number.State is PhoneNumberState.Suspended)];
    }

    private static IQueryable<PhoneNumber> InUse(UnitOfWork unit) => unit.Db.Set<PhoneNumber>().AsNoTracking().Where(
        number => number.State != PhoneNumberState.Released && number.State != PhoneNumberState.NotBought);

    private static IQueryable<PhoneNumber> Due(UnitOfWork unit, Guid tenantId, DateTimeOffset until) =>
        unit.Db.Set<PhoneNumber>().AsNoTracking().Where(number => number.TenantId == tenantId
            && ((number.State == PhoneNumberState.Active && number.NextBillingDate <= until)
                || (number.State == PhoneNumberState.Suspended && number.NextRetryAt <= until)));

    private static IEnumerable<DateTimeOffset> Dates(
        PhoneNumberState state, DateTimeOffset? next, DateTimeOffset? retry, int anchorDay, DateTimeOffset until) =>
        state is PhoneNumberState.Suspended
            ? [retry!.Value]
            : RentCalendar.Begun(next!.Value, anchorDay, until, PeriodsMax).Select(period => period.Start);
}
