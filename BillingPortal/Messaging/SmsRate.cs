using BillingPortal.Data;

namespace BillingPortal.Messaging;

/// <summary>How many messages a tenant has sent in its running minute, which begins with the first of them.</summary>
public sealed class SmsRate
{
    public required Guid TenantId { get; init; }

    public required DateTimeOffset WindowStartedAt { get; set; }

    public required int Used { get; set; }
}

/// <summary>
/// The limit per minute, exact across processes: the row is locked until the caller's commit, and a rollback gives the
/// turn back.
/// </summary>
internal static class SmsRates
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    /// <summary>Null: there was a turn, and it is taken. Else how long to wait for the next one.</summary>
    public static async Task<TimeSpan?> TakeAsync(
        UnitOfWork unit, Guid tenantId, int most, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = unit.Command(
            """
            INSERT INTO sms_rates AS r (tenant_id, window_started_at, used) VALUES ($1, $2, 1)
            ON CONFLICT (tenant_id) DO UPDATE SET
              window_started_at = CASE WHEN r.window_started_at > $3 AND r.window_started_at <= $2
                                       THEN r.window_started_at ELSE $2 END,
              used = CASE WHEN r.window_started_at > $3 AND r.window_started_at <= $2 THEN r.used + 1 ELSE 1 END
            RETURNING used, window_started_at
            """,
            tenantId, now.UtcDateTime, (now - Window).UtcDateTime);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var wait = reader.GetFieldValue<DateTimeOffset>(1) + Window - now;
        return reader.GetInt32(0) <= most ? null : wait > TimeSpan.FromSeconds(1) ? wait : TimeSpan.FromSeconds(1);
    }
}
