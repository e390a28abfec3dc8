using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.PhoneNumbers;

namespace BillingPortal.Notifications;

/// <summary>
/// Announces the numbers that renew within three days: one mail per tenant and day, whatever is run how often, because
/// the notification of that day exists once.
/// </summary>
public sealed partial class UpcomingCharges(
    Database database, PhoneNumberReader numbers, BalanceReader balances, AlertMails mails, TimeProvider time,
    ILogger<UpcomingCharges> logger)
{
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(3); // contract

    /// <summary>At most so many mails; the next run goes on. Says how many were written.</summary>
    public async Task<int> SweepAsync(int mailsMax, CancellationToken cancellationToken = default)
    {
        var told = 0;
        foreach (var (tenantId, plan, day) in await FindAsync(mailsMax, cancellationToken))
        {
            try
            {
                told += await TellAsync(tenantId, plan, day, cancellationToken) ? 1 : 0;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                LogFailed(logger, tenantId, exception); // the others get theirs
                RunFaults.Note(tenantId, $"charges of {day}", exception);
            }
        }

        return told;
    }

    private async Task<IReadOnlyList<(Guid TenantId, Unit Plan, DateOnly Day)>> FindAsync(
        int mailsMax, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        await using var command = unit.Command(
            """
            SELECT DISTINCT p.tenant_id, p.unit, (p.next_billing_date AT TIME ZONE 'UTC')::date AS day
            FROM phone_numbers p
            WHERE p.state = 'active' AND p.next_billing_date > $1 AND p.next_billing_date <= $2 AND NOT EXISTS (
              SELECT FROM notifications n WHERE n.tenant_id = p.tenant_id AND n.kind = 'upcoming_charges'
                AND n.key = 'upcoming:' || p.unit || ':' || to_char(p.next_billing_date AT TIME ZONE 'UTC', 'YYYY-MM-DD'))
            ORDER BY day, tenant_id LIMIT $3
            """,
            now, now + Ahead, mailsMax);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var due = new List<(Guid, Unit, DateOnly)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            due.Add((reader.GetGuid(0), Units.Parse(reader.GetString(1))!.Value, reader.GetFieldValue<DateOnly>(2)));
        }

        return due;
    }

    private async Task<bool> TellAsync(Guid tenantId, Unit plan, DateOnly day, CancellationToken cancellationToken)
    {
        var endOfDay = new DateTimeOffset(day.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero).AddTicks(-1);
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var rents = (await numbers.UpcomingAsync(unit, tenantId, endOfDay, cancellationToken: cancellationToken))
            .Where(rent => !rent.IsRetry && rent.Amount.Unit == plan && DateOnly.FromDateTime(rent.DueAt.UtcDateTime) == day)
            .ToList();
        if (rents.Count == 0)
        {
            return false; // released or renewed meanwhile
        }

        var balance = await balances.ReadAsync(unit, tenantId, plan, cancellationToken);
        var dueUntil = await numbers.RentDueAsync(unit, tenantId, plan, endOfDay, cancellationToken);
        mails.UpcomingCharges(unit, tenantId, day, rents, balance.Available, dueUntil);
        await unit.CommitAsync(cancellationToken);
        return true;
    }

    [LoggerMessage(LogLevel.Error, "Upcoming charges of tenant {TenantId} could not be announced")]
    private static partial void LogFailed(ILogger logger, Guid tenantId, Exception exception);
}
