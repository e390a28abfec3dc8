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
    /// <summary>Takes one turn: <c>$1</c> tenant, <c>$2</c> now, <c>$3</c> a window ago.</summary>
    public const string Take =
        """
        INSERT INTO sms_rates AS r (tenant_id, window_started_at, used) VALUES ($1, $2, 1)
        ON CONFLICT (tenant_id) DO UPDATE SET
          window_started_at = CASE WHEN r.window_started_at > $3 AND r.window_started_at <= $2
                                   THEN r.window_started_at ELSE $2 END,
          used = CASE WHEN r.window_started_at > $3 AND r.window_started_at <= $2 THEN r.used + 1 ELSE 1 END
        RETURNING used, window_started_at
        """;

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan WaitMin = TimeSpan.FromSeconds(1);

    /// <summary>Null: there was a turn, and it is taken. Else how long to wait for the next one.</summary>
    public static async Task<TimeSpan?> TakeAsync(
        UnitOfWork unit, Guid tenantId, int most, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = unit.Command(Take, tenantId, now.UtcDateTime, (now - Window).UtcDateTime);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return WaitOf(reader.GetInt32(0), most, reader.GetFieldValue<DateTimeOffset>(1), now);
    }

    /// <summary>Null when that turn was still free.</summary>
    public static TimeSpan? WaitOf(int used, int most, DateTimeOffset windowStartedAt, DateTimeOffset now)
    {
        var wait = windowStartedAt + Window - now;
        return used <= most ? null : wait > WaitMin ? wait : WaitMin;
    }
}
