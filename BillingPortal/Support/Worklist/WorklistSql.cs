using BillingPortal.Data;

namespace BillingPortal.Support.Worklist;

/// <summary>
/// A branch per kind, each on a partial index that holds nothing but what waits (Sql/support.sql), bounded, oldest first. What says
/// why is read for the rows shown alone. Parameters: now, how many.
/// </summary>
internal static class WorklistSql
{
    // Longer than every automatic look-up takes: whoever still waits then waits for a person.
    private const string UnknownTooLong = "$1 - interval '15 minutes'";

    // A bank debit takes four working days at Stripe at most.
    private const string ProcessingTooLong = "$1 - interval '6 days'";

    /// <summary>Of one kind: when it began, whose it is, its id.</summary>
    private static string Rows(WorkKind kind) => kind switch
    {
        WorkKind.RechargePaused =>
            "SELECT paused_at AS since, tenant_id, tenant_id::text AS id FROM recharge_rules WHERE enabled AND paused_reason IS NOT NULL",
        WorkKind.RechargeFailing =>
            """
            SELECT failing_since AS since, tenant_id, tenant_id::text AS id FROM recharge_rules
            WHERE enabled AND paused_reason IS NULL AND failing_since IS NOT NULL
            """,
        WorkKind.RechargeWaiting =>
            "SELECT started_at AS since, tenant_id, id::text AS id FROM recharge_attempts WHERE state = 'requires_action'",
        WorkKind.NumberSuspended =>
            "SELECT suspended_at AS since, tenant_id, id::text AS id FROM phone_numbers WHERE state = 'suspended'",
        WorkKind.PaymentStuck =>
            $"""
            SELECT since, tenant_id, id FROM (
              (SELECT asked_at AS since, tenant_id, id::text AS id FROM purchases
               WHERE asked_at IS NOT NULL AND asked_at < {UnknownTooLong}
                 AND state IN ('started', 'requires_action', 'processing') ORDER BY asked_at LIMIT $2)
              UNION ALL
              (SELECT created_at, tenant_id, id::text FROM purchases
               WHERE state = 'processing' AND asked_at IS NULL AND created_at < {ProcessingTooLong} ORDER BY created_at LIMIT $2)
            ) AS stuck WHERE true
            """,
        WorkKind.PaymentReview =>
            "SELECT updated_at AS since, tenant_id, id::text AS id FROM purchases WHERE review_reason IS NOT NULL",
        WorkKind.BooksDiffer =>
            """
            SELECT r.proven_at AS since, v.tenant_id, v.rule AS id FROM ledger_violations v JOIN ledger_audit_runs r ON r.id = v.audit_id
            WHERE r.id = (SELECT max(id) FROM ledger_audit_runs)
            """,
        WorkKind.MailBounced =>
            "SELECT flagged_at AS since, tenant_id, address AS id FROM flagged_addresses WHERE cleared_at IS NULL",
        WorkKind.WebhookDead =>
            "SELECT ended_at AS since, NULL::uuid AS tenant_id, id::text AS id FROM webhook_events WHERE state = 'dead'",
        WorkKind.MessageDead =>
            "SELECT dead_at AS since, tenant_id, id::text AS id FROM outbox_messages WHERE dead_at IS NOT NULL",
        WorkKind.Approval =>
            "SELECT requested_at AS since, tenant_id, id::text AS id FROM staff_actions WHERE state = 'awaiting_approval'",
        WorkKind.InvoiceOverdue =>
            """
            SELECT due_on::timestamp AT TIME ZONE 'UTC' AS since, tenant_id, id::text AS id FROM invoices
            WHERE state IN ('open', 'overdue') AND due_on < ($1 AT TIME ZONE 'UTC')::date
            """,
    };

    /// <summary>In words' figures: three of them, and a time.</summary>
    private static string Details(WorkKind kind) => kind switch
    {
        WorkKind.RechargePaused or WorkKind.RechargeFailing =>
            """
            SELECT coalesce(r.paused_reason, ''), a.decline_code, r.consecutive_failures::bigint, r.backoff_until
            FROM recharge_rules r LEFT JOIN LATERAL (
              SELECT decline_code FROM recharge_attempts WHERE tenant_id = r.tenant_id ORDER BY started_at DESC LIMIT 1) AS a ON true
            WHERE r.tenant_id = w.tenant_id
            """,
        WorkKind.RechargeWaiting =>
            "SELECT '', NULL, price_cents::bigint, link_expires_at FROM recharge_attempts WHERE id = w.id::uuid",
        WorkKind.NumberSuspended =>
            "SELECT number, trouble, coalesce(monthly_cost_e4, 0), next_retry_at FROM phone_numbers WHERE id = w.id::uuid",
        WorkKind.PaymentStuck or WorkKind.PaymentReview =>
            "SELECT state, review_reason, price_cents::bigint, asked_at FROM purchases WHERE id = w.id::uuid",
        WorkKind.BooksDiffer =>
            """
            SELECT string_agg(detail, '; '), NULL, 0::bigint, NULL::timestamptz FROM ledger_violations
            WHERE audit_id = (SELECT max(id) FROM ledger_audit_runs) AND tenant_id = w.tenant_id AND rule = w.id
            """,
        WorkKind.MailBounced =>
            "SELECT reason, detail, 0::bigint, NULL::timestamptz FROM flagged_addresses WHERE tenant_id = w.tenant_id AND address = w.id",
        WorkKind.WebhookDead =>
            "SELECT provider || ': ' || type, last_error, attempts::bigint, NULL::timestamptz FROM webhook_events WHERE id = w.id::uuid",
        WorkKind.MessageDead =>
            "SELECT kind, last_error, attempts::bigint, NULL::timestamptz FROM outbox_messages WHERE id = w.id::uuid",
        WorkKind.Approval =>
            "SELECT kind, requested_by_name, coalesce(refund_cents, 0)::bigint, NULL::timestamptz FROM staff_actions WHERE id = w.id::uuid",
        WorkKind.InvoiceOverdue =>
            """
            SELECT series || '-' || year || '-' || lpad(number::text, 6, '0'), NULL, price_cents::bigint, NULL::timestamptz
            FROM invoices WHERE id = w.id::uuid
            """,
    };

    /// <summary>How much waits, by kind; counting stops above the most that is said.</summary>
    public static string Counts { get; } = string.Join("\nUNION ALL\n", Enum.GetValues<WorkKind>().Select(kind =>
        $"SELECT '{TextCodes.Of(kind)}' AS kind, (SELECT count(*)::int FROM ({Rows(kind)} LIMIT $2) AS counted) AS waiting"));

    /// <summary>The oldest of one kind, or of all.</summary>
    public static string Items(WorkKind? only)
    {
        var kinds = only is { } one ? [one] : Enum.GetValues<WorkKind>();
        var branches = kinds.Select(kind =>
            $"""
            (SELECT w.since, w.tenant_id, w.id, '{TextCodes.Of(kind)}' AS kind, d.a, d.b, d.n, d.until
             FROM ({Rows(kind)} ORDER BY since, id LIMIT $2) AS w
             LEFT JOIN LATERAL ({Details(kind)}) AS d (a, b, n, until) ON true)
            """);
        return $"""
            SELECT w.kind, w.since, w.tenant_id, t.name, w.id, coalesce(w.a, ''), w.b, coalesce(w.n, 0), w.until
            FROM (SELECT * FROM ({string.Join("\nUNION ALL\n", branches)}) AS every ORDER BY since, id LIMIT $2) AS w
            LEFT JOIN tenants t ON t.id = w.tenant_id ORDER BY w.since, w.id
            """;
    }
}
