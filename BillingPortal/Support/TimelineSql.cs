using BillingPortal.Kernel;
using Npgsql;

namespace BillingPortal.Support;

/// <summary>
/// One statement over what happened besides the books: a branch per kind, each by its own index and bounded, put together by
/// time. Parameters: tenant, time and id of the last one seen, how many.
/// </summary>
internal static class TimelineSql
{
    private const string Payments =
        """
        SELECT created_at AS at, id::text AS id, 'payment' AS what, state AS a, coalesce(dispute, '') AS b, kind AS c,
               decline_code AS d, coalesce(card_brand || ' ' || card_last4, '') AS e, price_cents::bigint AS n,
               refunded_cents::bigint AS m, credits_e4 AS amount, unit
        FROM purchases WHERE tenant_id = $1
        """;

    private const string Evaluations =
        """
        SELECT evaluated_at AS at, id::text AS id, 'evaluation', reason, trigger, times::text,
               to_char(until AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), '', price_cents, left_cents, available_e4, unit
        FROM recharge_evaluations WHERE tenant_id = $1
        """;

    private const string Attempts =
        """
        SELECT started_at AS at, id::text AS id, 'attempt', state, trigger, '', decline_code, '', price_cents::bigint, 0::bigint,
               amount_e4, unit
        FROM recharge_attempts WHERE tenant_id = $1
        """;

    private const string Sms =
        """
        SELECT created_at AS at, id::text AS id, 'sms', direction, state, payment, number, peer, coalesce(error_code, 0)::bigint,
               segments::bigint, price_e4, unit
        FROM sms_messages WHERE tenant_id = $1
        """;

    private const string Mails =
        """
        SELECT created_at AS at, id::text AS id, 'mail', state, kind, subject, to_address, '', 0::bigint, 0::bigint, 0::bigint, 'usd'
        FROM emails WHERE tenant_id = $1
        """;

    // Who merely looked stands in the audit log alone.
    private const string Changes =
        """
        SELECT at, id::text AS id, 'change', action, actor_kind, actor_name, summary, '', 0::bigint, 0::bigint, 0::bigint, 'usd'
        FROM audit_log WHERE tenant_id = $1 AND action <> 'tenant.opened'
        """;

    // An event carries no tenant: it is found by what it is about. What meant nothing here is left out; of messages the message
    // itself says more.
    private const string Webhooks =
        """
        SELECT received_at AS at, id::text AS id, 'webhook', provider, type, state, object_id, coalesce(last_error, ''),
               attempts::bigint, 0::bigint, 0::bigint, 'usd'
        FROM webhook_events
        WHERE state <> 'ignored' AND object_id IN (
          SELECT unnest(ARRAY[payment_intent_id, charge_id, checkout_session_id])
          FROM (SELECT * FROM purchases WHERE tenant_id = $1 AND created_at <= $2 ORDER BY created_at DESC LIMIT 200) AS p
          UNION SELECT customer_id FROM stripe_customers WHERE tenant_id = $1
          UNION (SELECT payment_method_id FROM payment_methods WHERE tenant_id = $1 LIMIT 100)
          UNION (SELECT refund_id FROM staff_actions WHERE tenant_id = $1 AND refund_id IS NOT NULL
                 ORDER BY requested_at DESC LIMIT 200))
        """;

    /// <summary>Null where only the books are wanted.</summary>
    public static string? Of(IReadOnlyCollection<TimelineKind> kinds)
    {
        var branches = kinds.Distinct().SelectMany(Branches).ToList();
        return branches.Count == 0
            ? null
            : $"SELECT * FROM ({string.Join("\nUNION ALL\n", branches)}) AS happened ORDER BY at DESC, id DESC LIMIT $4";
    }

    private static IEnumerable<string> Branches(TimelineKind kind) => kind switch
    {
        TimelineKind.Payment => [Bounded(Payments, "created_at")],
        TimelineKind.Recharge => [Bounded(Evaluations, "evaluated_at"), Bounded(Attempts, "started_at")],
        TimelineKind.Sms => [Bounded(Sms, "created_at")],
        TimelineKind.Mail => [Bounded(Mails, "created_at")],
        TimelineKind.Webhook => [Bounded(Webhooks, "received_at")],
        TimelineKind.Change => [Bounded(Changes, "at")],
        TimelineKind.Entry or TimelineKind.Usage => [],
    };

    // The columns are this class's own constants.
    private static string Bounded(string select, string time) =>
        $"({select} AND {time} <= $2 AND ({time} < $2 OR id::text < $3) ORDER BY {time} DESC, id::text DESC LIMIT $4)";
}

/// <summary>One row of <see cref="TimelineSql"/>: what the letters mean depends on its kind.</summary>
internal sealed record TimelineRow(
    DateTimeOffset At, string Id, string What, string A, string B, string C, string? D, string E, long? N, long? M, Amount Amount)
{
    public static TimelineRow Read(NpgsqlDataReader row) => new(
        row.GetFieldValue<DateTimeOffset>(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4),
        row.GetString(5), row.IsDBNull(6) ? null : row.GetString(6), row.GetString(7),
        row.IsDBNull(8) ? null : row.GetInt64(8), row.IsDBNull(9) ? null : row.GetInt64(9),
        new Amount(row.GetInt64(10), Units.Parse(row.GetString(11)) ?? Unit.Credits));
}
