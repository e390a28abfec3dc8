namespace BillingPortal.Analytics;

/// <summary>
/// The lines of the books in SQL with what is known of each beside them: quantity, phone number, metadata. <c>$1</c> is the tenant,
/// <c>$2</c> the unit. Folding and reading use the same words, so that both say the same.
/// </summary>
internal static class UsageLines
{
    /// <summary>The kind of a line that is reserved with its month and settled later.</summary>
    public const string Reserved = "reserved";

    /// <summary>Dimension of everything.</summary>
    public const string All = "all";

    public const string Number = "number";

    public const string TagPrefix = "tag:";

    public const int TagLengthMax = 60;

    /// <summary>Before everything that was ever posted.</summary>
    public const string Beginning = "timestamptz '2000-01-01 00:00Z'";

    private const string Metadata =
        """
        CASE WHEN u.metadata IS NULL OR json_typeof(u.metadata) <> 'object' THEN NULL
             WHEN u.metadata::text LIKE '%\\u%' THEN usage_readable(u.metadata) ELSE u.metadata END
        """;

    // A message is one, a number is one, where no event says how many; of a call without one nothing is known.
    private const string CountsOne =
        "('sms_outbound', 'sms_inbound', 'email', 'file_transfer', 'number_set_up', 'number_monthly')";

    /// <summary>Entries that the condition on <c>e</c> lets through.</summary>
    public static string OfEntries(string condition) =>
        $"""
        SELECT (e.occurred_at AT TIME ZONE 'UTC')::date AS day, e.kind::text AS kind, coalesce(e.service, '') AS service,
               greatest(-e.amount_e4, 0) AS out_e4, greatest(e.amount_e4, 0) AS in_e4,
               CASE WHEN e.amount_e4 > 0 THEN 0 WHEN u.quantity IS NOT NULL THEN u.quantity
                    WHEN v.billed_seconds IS NOT NULL THEN round(v.billed_seconds / 60.0, 4) -- a call that Twilio told of
                    WHEN e.service IN {CountsOne} THEN 1 ELSE 0 END AS quantity,
               coalesce(s.number, n.number, CASE v.direction WHEN 'inbound' THEN v.to_number ELSE v.from_number END) AS number,
               {Metadata} AS metadata
        FROM entries AS e
        LEFT JOIN entries AS o ON o.tenant_id = e.tenant_id AND o.unit = e.unit AND o.seq = e.reverses_seq
        LEFT JOIN usage_events AS u
          ON u.tenant_id = e.tenant_id AND u.idempotency_key = coalesce(o.idempotency_key, e.idempotency_key)
        LEFT JOIN sms_messages AS s
          ON e.cause_type = 'sms' AND s.provider_sid = e.reference AND s.tenant_id = e.tenant_id
        LEFT JOIN phone_numbers AS n
          ON e.cause_type = 'phone_number' AND n.id::text = e.cause_id AND n.tenant_id = e.tenant_id
        LEFT JOIN voice_calls AS v ON e.service = 'voice' AND v.call_sid = e.reference AND v.tenant_id = e.tenant_id
        WHERE e.tenant_id = $1 AND e.unit = $2 AND {condition}
        """;

    /// <summary>What is reserved with months, of a source of extensions, as far as the condition on <c>x</c> lets it through.</summary>
    public static string OfReservations(string source, string condition) =>
        $"""
        SELECT (x.occurred_at AT TIME ZONE 'UTC')::date AS day, '{Reserved}' AS kind, coalesce(x.service, '') AS service,
               x.amount_e4 AS out_e4, 0::bigint AS in_e4,
               CASE WHEN u.quantity IS NOT NULL THEN u.quantity
                    WHEN v.billed_seconds IS NOT NULL THEN round(v.billed_seconds / 60.0, 4)
                    WHEN x.service IN {CountsOne} THEN 1 ELSE 0 END AS quantity,
               coalesce(s.number, CASE v.direction WHEN 'inbound' THEN v.to_number ELSE v.from_number END) AS number,
               {Metadata} AS metadata
        FROM {source} AS x
        LEFT JOIN usage_events AS u ON u.tenant_id = x.tenant_id AND u.idempotency_key = x.idempotency_key
        LEFT JOIN sms_messages AS s
          ON x.cause_type = 'sms' AND s.provider_sid = x.reference AND s.tenant_id = x.tenant_id
        LEFT JOIN voice_calls AS v ON x.service = 'voice' AND v.call_sid = x.reference AND v.tenant_id = x.tenant_id
        WHERE x.tenant_id = $1 AND x.unit = $2 AND {condition}
        """;

    /// <summary>
    /// A number that only the metadata names counts where it is one of the tenant's own; a number that is known already stays.
    /// </summary>
    public static string WithNumbers(string lines) =>
        $"""
        SELECT l.day, l.kind, l.service, l.out_e4, l.in_e4, l.quantity, coalesce(l.number, own.number) AS number, l.metadata
        FROM ({lines}) AS l
        LEFT JOIN LATERAL (
          SELECT p.number FROM phone_numbers AS p
          WHERE l.number IS NULL AND l.metadata IS NOT NULL AND p.tenant_id = $1
            AND p.number IN (l.metadata ->> 'number', l.metadata ->> 'from', l.metadata ->> 'to')
          ORDER BY p.number LIMIT 1) AS own ON true
        """;

    /// <summary>
    /// The tags of the line <c>l</c>: keys whose value is a word, a number, true or false. Of a key given twice the last counts.
    /// </summary>
    public const string TagsOfLine =
        """
        SELECT DISTINCT ON (j.key) j.key AS tag, left(j.value #>> '{}', 100) AS value
        FROM json_each(l.metadata) WITH ORDINALITY AS j (key, value, place)
        WHERE json_typeof(j.value) IN ('string', 'number', 'boolean') AND length(j.key) BETWEEN 1 AND 60
        ORDER BY j.key, j.place DESC
        """;
}
