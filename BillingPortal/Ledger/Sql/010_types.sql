-- A type that changes takes the functions along that speak it; the scripts after this one make them anew. One that has not changed
-- stays: dropping it would pull the functions away from under the postings of this very moment.
CREATE OR REPLACE FUNCTION pg_temp.attributes_of(p_type text) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum)
  FROM pg_attribute AS a WHERE a.attrelid = (SELECT c.oid FROM pg_class AS c WHERE c.relname = p_type
    AND c.relnamespace = 'public'::regnamespace AND c.relkind = 'c') AND NOT a.attisdropped
$$;

-- One request, as the general path sees it.
DO $$
BEGIN
  IF pg_temp.attributes_of('ledger_request') IS DISTINCT FROM
    'ord integer, tenant_id uuid, unit text, operation text, amount_e4 bigint, kind text, '
    || 'counter_account text, idempotency_key uuid, cause_type text, occurred_at timestamp with time zone, '
    || 'service text, reference text, cause_id text, note text, hold_id uuid, '
    || 'expires_at timestamp with time zone, reverses_seq bigint, from_hold_id uuid' THEN
    DROP TYPE IF EXISTS ledger_request CASCADE;
    CREATE TYPE ledger_request AS (
      ord int, tenant_id uuid, unit text, operation text, amount_e4 bigint, kind text, counter_account text, idempotency_key uuid,
      cause_type text, occurred_at timestamptz, service text, reference text, cause_id text, note text, hold_id uuid,
      expires_at timestamptz, reverses_seq bigint, from_hold_id uuid);
  END IF;
END
$$;

-- The answers of one call, one element per request: ords says which. Null columns: see ledger_post.
DO $$
BEGIN
  IF pg_temp.attributes_of('ledger_answers') IS DISTINCT FROM
    'ords integer[], outcomes text[], differ boolean[], balances_e4 bigint[], availables_e4 bigint[], '
    || 'debts_e4 bigint[], seqs bigint[], hold_ids uuid[], posted_e4 bigint[]' THEN
    DROP TYPE IF EXISTS ledger_answers CASCADE;
    CREATE TYPE ledger_answers AS (
      ords int[], outcomes text[], differ boolean[], balances_e4 bigint[], availables_e4 bigint[], debts_e4 bigint[],
      seqs bigint[], hold_ids uuid[], posted_e4 bigint[]);
  END IF;
END
$$;

-- The answer to one debit: outcome is null when it was posted as asked, and then only balance, available and seq are filled.
DO $$
BEGIN
  IF pg_temp.attributes_of('ledger_answer') IS DISTINCT FROM
    'outcome text, differs boolean, balance_e4 bigint, available_e4 bigint, debt_e4 bigint, seq bigint, '
    || 'hold_id uuid, posted_e4 bigint' THEN
    DROP TYPE IF EXISTS ledger_answer CASCADE;
    CREATE TYPE ledger_answer AS (
      outcome text, differs boolean, balance_e4 bigint, available_e4 bigint, debt_e4 bigint, seq bigint, hold_id uuid, posted_e4 bigint);
  END IF;
END
$$;
DROP FUNCTION pg_temp.attributes_of(text);
