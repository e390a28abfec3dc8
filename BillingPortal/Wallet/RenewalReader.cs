using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.PhoneNumbers;

namespace BillingPortal.Wallet;

/// <summary>Reads what renewals of phone numbers will take of an account. Changes nothing.</summary>
public sealed class RenewalReader(PhoneNumberReader numbers)
{
    /// <summary>The soonest first, those of one moment together; suspended numbers are not counted on.</summary>
    public async Task<IReadOnlyList<Renewal>> ReadAsync(
        UnitOfWork work, Guid tenantId, Unit account, DateTimeOffset until, CancellationToken cancellationToken = default) =>
    [
        .. (await numbers.UpcomingAsync(work, tenantId, until, cancellationToken: cancellationToken))
            .Where(rent => !rent.IsRetry && rent.Amount.Unit == account && rent.Amount.IsPositive)
            .GroupBy(rent => rent.DueAt)
            .Select(rents => new Renewal(
                rents.Key, rents.Aggregate(Amount.Zero(account), (sum, rent) => sum + rent.Amount), rents.Count()))
            .OrderBy(renewal => renewal.At),
    ];
}
