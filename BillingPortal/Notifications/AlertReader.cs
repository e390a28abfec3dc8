using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.PhoneNumbers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BillingPortal.Notifications;

/// <summary>
/// Reads an account's threshold and its level by the plain definition: a function of the figures beside it, the same on
/// every page and in the API. Hysteresis is the mails' alone. Changes nothing.
/// </summary>
public sealed class AlertReader(
    BalanceReader balances, PhoneNumberReader numbers, TimeProvider time, IOptions<NotificationsOptions> options)
{
    /// <summary>Rent within this time must be covered, or the level is critical (contract).</summary>
    public static readonly TimeSpan RentAhead = TimeSpan.FromDays(7);

    public async Task<AccountAlert> ReadAsync(
        UnitOfWork unit, Guid tenantId, Unit plan, CancellationToken cancellationToken = default)
    {
        var balance = await balances.ReadAsync(unit, tenantId, plan, cancellationToken);
        var threshold = await ThresholdAsync(unit, tenantId, plan, cancellationToken);
        var rent = await numbers.RentDueAsync(unit, tenantId, plan, time.GetUtcNow() + RentAhead, cancellationToken);
        return new AccountAlert(AlertLevelPolicy.Judge(balance.Available, threshold, rent), balance, threshold, rent);
    }

    public async Task<Amount> ThresholdAsync(
        UnitOfWork unit, Guid tenantId, Unit plan, CancellationToken cancellationToken = default)
    {
        var chosen = await unit.Db.Set<AlertSetting>().AsNoTracking()
            .Where(row => row.TenantId == tenantId && row.Unit == plan).Select(row => (long?)row.ThresholdE4)
            .SingleOrDefaultAsync(cancellationToken);
        return chosen is { } e4 ? new Amount(e4, plan) : options.Value.DefaultThreshold(plan);
    }
}

/// <summary>An account and how near it is to running dry.</summary>
/// <param name="RentDue">Phone rent of the next seven days.</param>
public sealed record AccountAlert(AlertLevel Level, Balance Balance, Amount Threshold, Amount RentDue);
