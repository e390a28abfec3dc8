namespace BillingPortal.Ledger;

/// <summary>The statements of <see cref="LedgerAudit"/>: each rule selects tenant, unit, rule and detail of what breaks it.</summary>
internal static class LedgerAuditSql
{
    public const string Findings =
        "CREATE TEMP TABLE audit_findings (tenant_id uuid, unit text, rule text, detail text) ON COMMIT DROP";

    /// <summary>The accounts to look at, with how far they are proven. $1: all of them, from the first entry.</summary>
    public const string Scope =
        """
        CREATE TEMP TABLE audit_scope ON COMMIT DROP AS
        SELECT a.*, coalesce(p.seq, 0) AS from_seq, coalesce(p.balance_e4, 0) AS from_balance,
          coalesce(p.debt_seq, 0) AS from_debt_seq, coalesce(p.debt_e4, 0) AS from_debt
        FROM accounts AS a
        LEFT JOIN ledger_proofs AS p ON p.tenant_id = a.tenant_id AND p.unit = a.unit AND NOT $1
        WHERE p.tenant_id IS NULL
          OR (a.last_seq, a.balance_e4, a.last_debt_seq, a.debt_e4) <> (p.seq, p.balance_e4, p.debt_seq, p.debt_e4)
        """;

    public static readonly string[] Rules =
    [
        // 1. Balance = sum of entries; balance_after runs along; numbered without a gap.
        """
        SELECT s.tenant_id, s.unit, 'balance', format('balance %s, entries say %s, numbers up to %s with %s entries, %s of them wrong',
          s.balance_e4, s.from_balance + coalesce(x.total, 0), s.last_seq, s.from_seq + coalesce(x.count, 0), coalesce(x.wrong, 0))
        FROM audit_scope AS s
        LEFT JOIN (
          SELECT tenant_id, unit, count(*) AS count, sum(amount_e4) AS total,
            count(*) FILTER (WHERE seq <> n OR balance_after_e4 <> running) AS wrong
          FROM (SELECT e.tenant_id, e.unit, e.seq, e.amount_e4, e.balance_after_e4,
                  s.from_seq + row_number() OVER k AS n, s.from_balance + sum(e.amount_e4) OVER k AS running
                FROM audit_scope AS s
                JOIN entries AS e ON e.tenant_id = s.tenant_id AND e.unit = s.unit AND e.seq > s.from_seq
                WINDOW k AS (PARTITION BY e.tenant_id, e.unit ORDER BY e.seq)) AS r
          GROUP BY tenant_id, unit) AS x ON x.tenant_id = s.tenant_id AND x.unit = s.unit
        WHERE s.balance_e4 <> s.from_balance + coalesce(x.total, 0) OR s.last_seq <> s.from_seq + coalesce(x.count, 0) OR x.wrong > 0
        """,

        // 2. Debt = sum of debt entries, likewise.
        """
        SELECT s.tenant_id, s.unit, 'debt', format('debt %s, debt entries say %s, %s of them wrong',
          s.debt_e4, s.from_debt + coalesce(x.total, 0), coalesce(x.wrong, 0))
        FROM audit_scope AS s
        LEFT JOIN (
          SELECT tenant_id, unit, count(*) AS count, sum(amount_e4) AS total,
            count(*) FILTER (WHERE seq <> n OR debt_after_e4 <> running) AS wrong
          FROM (SELECT d.tenant_id, d.unit, d.seq, d.amount_e4, d.debt_after_e4,
                  s.from_debt_seq + row_number() OVER k AS n, s.from_debt + sum(d.amount_e4) OVER k AS running
                FROM audit_scope AS s
                JOIN debt_entries AS d ON d.tenant_id = s.tenant_id AND d.unit = s.unit AND d.seq > s.from_debt_seq
                WINDOW k AS (PARTITION BY d.tenant_id, d.unit ORDER BY d.seq)) AS r
          GROUP BY tenant_id, unit) AS x ON x.tenant_id = s.tenant_id AND x.unit = s.unit
        WHERE s.debt_e4 <> s.from_debt + coalesce(x.total, 0) OR s.last_debt_seq <> s.from_debt_seq + coalesce(x.count, 0) OR x.wrong > 0
        """,

        // 2. Never negative, held within the balance, nothing available beside a debt; held = open holds. Of every account, always.
        """
        SELECT a.tenant_id, a.unit, 'held', format('balance %s, held %s, debt %s, open holds %s',
          a.balance_e4, a.held_e4, a.debt_e4, coalesce(h.total, 0))
        FROM accounts AS a
        LEFT JOIN (SELECT tenant_id, unit, sum(amount_e4) AS total FROM holds WHERE state = 'open' GROUP BY tenant_id, unit) AS h
          ON h.tenant_id = a.tenant_id AND h.unit = a.unit
        WHERE a.held_e4 <> coalesce(h.total, 0) OR a.balance_e4 < 0 OR a.held_e4 < 0 OR a.held_e4 > a.balance_e4 OR a.debt_e4 < 0
          OR (a.debt_e4 > 0 AND a.held_e4 < a.balance_e4)
        """,

        // 4. What was posted for a hold, or reserved with a month instead, belongs to the one capture of it.
        """
        SELECT e.tenant_id, e.unit, 'hold', format('entries of hold %s sum up to %s, it is %s with %s captured',
          e.hold_id, sum(e.amount_e4) + coalesce(min(x.amount_e4), 0), coalesce(min(h.state), 'missing'), coalesce(min(h.captured_e4), 0))
        FROM (SELECT e.tenant_id, e.unit, e.hold_id, -e.amount_e4 AS amount_e4 FROM audit_scope AS s
              JOIN entries AS e ON e.tenant_id = s.tenant_id AND e.unit = s.unit AND e.seq > s.from_seq
              WHERE e.hold_id IS NOT NULL AND e.kind <> 'debt_repayment'
              UNION ALL
              SELECT d.tenant_id, d.unit, d.hold_id, d.amount_e4 FROM audit_scope AS s
              JOIN debt_entries AS d ON d.tenant_id = s.tenant_id AND d.unit = s.unit AND d.seq > s.from_debt_seq
              WHERE d.hold_id IS NOT NULL AND d.kind <> 'debt_repayment') AS e
        LEFT JOIN holds AS h ON h.id = e.hold_id AND h.tenant_id = e.tenant_id AND h.unit = e.unit
        LEFT JOIN hold_extensions AS x ON x.idempotency_key = h.ended_by_key AND x.tenant_id = h.tenant_id
        GROUP BY e.tenant_id, e.unit, e.hold_id
        HAVING min(h.state) IS DISTINCT FROM 'captured' OR sum(e.amount_e4) + coalesce(min(x.amount_e4), 0) <> min(h.captured_e4)
        """,

        // 5. Every crossing has its recharge request.
        """
        SELECT a.tenant_id, min(a.unit), 'crossing',
          format('%s crossings, recharge request at %s', sum(a.crossings), coalesce(min(r.version), 0))
        FROM accounts AS a LEFT JOIN recharge_requests AS r ON r.tenant_id = a.tenant_id
        GROUP BY a.tenant_id HAVING sum(a.crossings) <> coalesce(min(r.version), 0)
        """,

        // 5. Whoever is below the threshold is looked at by the sweep.
        """
        SELECT a.tenant_id, a.unit, 'crossing',
          format('available %s is below %s and no sweep looks', a.balance_e4 - a.held_e4, a.recharge_below_e4)
        FROM accounts AS a LEFT JOIN recharge_requests AS r ON r.tenant_id = a.tenant_id
        WHERE a.balance_e4 - a.held_e4 < a.recharge_below_e4 AND r.is_below IS NOT TRUE
        """,
    ];

    /// <summary>4. What is reserved is the first amount and every extension of it, and no extension is without its hold.</summary>
    private const string Extensions =
        """
        SELECT coalesce(h.tenant_id, x.tenant_id), coalesce(h.unit, x.unit), 'extension',
          format('hold %s was extended by %s, its extensions sum up to %s', coalesce(h.id, x.hold_id), coalesce(h.extended_e4, 0),
            coalesce(x.total, 0))
        FROM holds AS h
        FULL JOIN (SELECT tenant_id, unit, hold_id, sum(amount_e4) AS total FROM hold_extensions GROUP BY tenant_id, unit, hold_id) AS x
          ON x.hold_id = h.id AND x.tenant_id = h.tenant_id AND x.unit = h.unit
        WHERE coalesce(x.total, 0) <> coalesce(h.extended_e4, 0)
        """;

    /// <summary>Rules that need every row ever written.</summary>
    public static readonly string[] FullRules =
    [
        // 1. No entry without an account.
        """
        SELECT e.tenant_id, e.unit, 'stray', format('%s entries without an account', count(*)) FROM entries AS e
        WHERE NOT EXISTS (SELECT FROM accounts AS a WHERE a.tenant_id = e.tenant_id AND a.unit = e.unit) GROUP BY e.tenant_id, e.unit
        """,

        // 3. One entry per key.
        """
        SELECT tenant_id, min(unit), 'key', format('key %s stands %s times', idempotency_key, count(*))
        FROM entries GROUP BY tenant_id, idempotency_key HAVING count(*) > 1
        """,

        Extensions,

        // 4. Each captured hold was posted, or reserved with a month, under the key that ended it; each other was not.
        """
        SELECT h.tenant_id, h.unit, 'capture', format('hold %s is %s, posted %s of %s', h.id, h.state,
          coalesce(x.total, 0) + coalesce(g.amount_e4, 0), h.captured_e4)
        FROM holds AS h
        LEFT JOIN (SELECT tenant_id, hold_id, sum(amount_e4) AS total FROM (
                     SELECT tenant_id, hold_id, -amount_e4 AS amount_e4 FROM entries WHERE hold_id IS NOT NULL AND kind <> 'debt_repayment'
                     UNION ALL
                     SELECT tenant_id, hold_id, amount_e4 FROM debt_entries WHERE hold_id IS NOT NULL AND kind <> 'debt_repayment') AS p
                   GROUP BY tenant_id, hold_id) AS x ON x.hold_id = h.id AND x.tenant_id = h.tenant_id
        LEFT JOIN hold_extensions AS g ON g.idempotency_key = h.ended_by_key AND g.tenant_id = h.tenant_id
        WHERE coalesce(x.total, 0) + coalesce(g.amount_e4, 0) <> coalesce(h.captured_e4, 0)
        """,
    ];

    /// <summary>The run and its findings, the newest thousand runs kept. $1: when, $2: full.</summary>
    public const string Remember =
        """
        WITH run AS (
          INSERT INTO ledger_audit_runs (is_full, proven_at, accounts, entries, violations)
          SELECT $2, $1, count(*), coalesce(sum(last_seq - from_seq), 0), (SELECT count(*) FROM audit_findings) FROM audit_scope
          RETURNING id),
        old AS (DELETE FROM ledger_audit_runs WHERE id <= (SELECT id FROM run) - 1000)
        INSERT INTO ledger_violations (audit_id, tenant_id, unit, rule, detail)
        SELECT run.id, f.tenant_id, f.unit, f.rule, min(f.detail) FROM run, audit_findings AS f
        GROUP BY run.id, f.tenant_id, f.unit, f.rule
        """;

    /// <summary>Accounts without a finding are proven up to this snapshot. $1: when.</summary>
    public const string Prove =
        """
        INSERT INTO ledger_proofs AS p (tenant_id, unit, seq, balance_e4, debt_seq, debt_e4, proven_at)
        SELECT s.tenant_id, s.unit, s.last_seq, s.balance_e4, s.last_debt_seq, s.debt_e4, $1 FROM audit_scope AS s
        WHERE NOT EXISTS (SELECT FROM audit_findings AS f WHERE f.tenant_id = s.tenant_id AND f.unit = s.unit)
        ON CONFLICT (tenant_id, unit) DO UPDATE SET seq = excluded.seq, balance_e4 = excluded.balance_e4,
          debt_seq = excluded.debt_seq, debt_e4 = excluded.debt_e4, proven_at = excluded.proven_at
        WHERE p.* IS DISTINCT FROM excluded.*
        """;

    public static string Collect(string rule) => $"INSERT INTO audit_findings {rule}";
}
