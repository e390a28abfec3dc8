using BillingPortal.Data;

namespace BillingPortal.Messaging;

/// <summary>Writes the opt-out list inside the caller's transaction. What a person asked for outlasts what we entered.</summary>
internal static class SmsOptOutRows
{
    /// <summary>Idempotent; true when it was not there. A person's word replaces a manual entry, never the other way round.</summary>
    public static async Task<bool> AddAsync(
        UnitOfWork unit, Guid tenantId, string number, string peer, OptOutSource source, DateTimeOffset at,
        CancellationToken cancellationToken)
    {
        await using var command = unit.Command(
            """
            INSERT INTO sms_opt_outs AS o (tenant_id, number, peer, source, opted_out_at) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (tenant_id, number, peer) DO UPDATE SET source = excluded.source, opted_out_at = excluded.opted_out_at
            WHERE o.source = 'manual' AND excluded.source <> 'manual'
            """,
            tenantId, number, peer, TextCodes.Of(source), at.UtcDateTime);
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    /// <summary>True when there was one.</summary>
    public static async Task<bool> RemoveAsync(
        UnitOfWork unit, Guid tenantId, string number, string peer, bool onlyManual, CancellationToken cancellationToken)
    {
        await using var command = unit.Command(
            """
            DELETE FROM sms_opt_outs
            WHERE tenant_id = $1 AND number = $2 AND peer = $3 AND (source = 'manual' OR NOT $4)
            """,
            tenantId, number, peer, onlyManual);
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
    }
}
