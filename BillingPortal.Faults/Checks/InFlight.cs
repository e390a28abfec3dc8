using BillingPortal.Faults.Scene;

namespace BillingPortal.Faults.Checks;

/// <summary>What is under way, or dead: after two minutes without faults there is none of it.</summary>
internal static class InFlight
{
    public const string Invariant = "nothing in flight for more than two minutes, nothing dead";

    private const string Everything =
        """
        SELECT 'outbox message ' || kind || ' ' || id || ', attempts ' || attempts || coalesce(': ' || last_error, '') FROM outbox_messages
          WHERE dead_at IS NOT NULL OR (delivered_at IS NULL AND (attempts > 0 OR due_at <= $1))
        UNION ALL SELECT 'webhook ' || state || ' ' || type || ' ' || id || coalesce(': ' || last_error, '') FROM webhook_events
          WHERE state IN ('pending', 'dead')
        UNION ALL SELECT 'recharge request of ' || tenant_id FROM recharge_requests WHERE done_version < version
        UNION ALL SELECT 'recharge attempt ' || state || ' ' || id FROM recharge_attempts
          WHERE state IN ('recorded', 'charging', 'unknown') OR is_cancel_due
        UNION ALL SELECT 'purchase ' || state || ' ' || id FROM purchases WHERE asked_at IS NOT NULL OR state = 'processing'
        UNION ALL SELECT 'sms ' || state || ' ' || payment || ' ' || id FROM sms_messages
          WHERE direction = 'outbound' AND (state NOT IN ('delivered', 'undelivered', 'failed', 'refused') OR payment IN ('held', 'unpaid'))
        UNION ALL SELECT 'phone number ' || state || ' ' || id FROM phone_numbers WHERE state IN ('buying', 'releasing')
        UNION ALL SELECT 'hold past its end ' || id FROM holds WHERE state = 'open' AND expires_at < $1
        UNION ALL SELECT 'hold of a message ' || h.id FROM holds h WHERE state = 'open' AND cause_type = 'sms'
          AND NOT EXISTS (SELECT FROM sms_messages m WHERE m.hold_id = h.id AND m.payment = 'held')
        UNION ALL SELECT 'hold of a number ' || h.id FROM holds h WHERE state = 'open' AND cause_type = 'phone_number'
          AND NOT EXISTS (SELECT FROM phone_numbers n WHERE n.set_up_hold_id = h.id AND n.state = 'buying')
        UNION ALL SELECT 'mail ' || state || ' ' || id FROM emails WHERE state = 'pending'
        """;

    /// <summary>One line each; empty when all is quiet.</summary>
    public static async Task<IReadOnlyList<string>> ReadAsync(World world)
    {
        var now = await world.Control.NowAsync();
        await using var command = world.Books.Ops.CreateCommand(Everything);
        command.Parameters.Add(new() { Value = now.UtcDateTime });
        await using var reader = await command.ExecuteReaderAsync();
        List<string> lines = [];
        while (await reader.ReadAsync())
        {
            lines.Add(reader.GetString(0));
        }

        return lines;
    }
}
