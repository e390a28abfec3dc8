using BillingPortal.Data;
using BillingPortal.Kernel;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Messaging;

/// <summary>One calendar month (UTC) of a tenant's messages; amounts in the unit of its plan, refunds taken off.</summary>
/// <param name="Sent">Messages that the provider took.</param>
public sealed record SmsMonth(
    DateTimeOffset Start, DateTimeOffset End, int Sent, int Delivered, int Received, Amount SentCredits,
    Amount ReceivedCredits)
{
    /// <summary>Delivered of sent in whole per cent; 0 when nothing was sent.</summary>
    public int SuccessRate =>
        Sent == 0 ? 0 : (int)Math.Round(100m * Delivered / Sent, MidpointRounding.AwayFromZero);
}

/// <summary>Figures of a month by the messages of that month. They equal the ledger's entries about these messages.</summary>
public sealed class SmsStatsReader(Database database, TimeProvider clock)
{
    public async Task<(SmsMonth Month, IReadOnlyList<SmsMessage> Recent)> ReadAsync(
        Guid tenantId, Unit plan, int recent, CancellationToken cancellationToken = default)
    {
        var now = clock.GetUtcNow();
        var start = new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero);
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        var month = await ReadMonthAsync(unit, tenantId, plan, start, cancellationToken);
        var newest = await unit.Db.Set<SmsMessage>().AsNoTracking().Where(row => row.TenantId == tenantId)
            .OrderByDescending(row => row.CreatedAt).ThenByDescending(row => row.Id).Take(recent)
            .ToListAsync(cancellationToken);
        return (month, newest);
    }

    private static async Task<SmsMonth> ReadMonthAsync(
        UnitOfWork unit, Guid tenantId, Unit plan, DateTimeOffset start, CancellationToken cancellationToken)
    {
        var end = start.AddMonths(1);
        await using var command = unit.Command(
            """
            SELECT count(*) FILTER (WHERE direction = 'outbound'
                     AND state IN ('queued', 'sending', 'sent', 'delivered', 'undelivered', 'failed'))::int,
                   count(*) FILTER (WHERE direction = 'outbound' AND state = 'delivered')::int,
                   count(*) FILTER (WHERE direction = 'inbound')::int,
                   coalesce(sum(price_e4) FILTER (WHERE direction = 'outbound' AND payment = 'charged' AND unit = $4), 0)::bigint,
                   coalesce(sum(price_e4) FILTER (WHERE direction = 'inbound' AND payment = 'charged' AND unit = $4), 0)::bigint
            FROM sms_messages WHERE tenant_id = $1 AND created_at >= $2 AND created_at < $3
            """,
            tenantId, start.UtcDateTime, end.UtcDateTime, plan.ToCode());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new SmsMonth(
            start, end, reader.GetInt32(0), reader.GetInt32(1), reader.GetInt32(2), new Amount(reader.GetInt64(3), plan),
            new Amount(reader.GetInt64(4), plan));
    }
}
