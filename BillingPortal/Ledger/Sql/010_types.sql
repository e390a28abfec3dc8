-- The posting function and its helpers are made anew whenever a script changes: they hold no data.
DROP TYPE IF EXISTS ledger_request CASCADE;
DROP TYPE IF EXISTS ledger_answers CASCADE;
DROP TYPE IF EXISTS ledger_answer CASCADE;

-- One request, as the general path sees it.
CREATE TYPE ledger_request AS (
  ord int, tenant_id uuid, unit text, operation text, amount_e4 bigint, kind text, counter_account text, idempotency_key uuid,
  cause_type text, occurred_at timestamptz, service text, reference text, cause_id text, note text, hold_id uuid,
  expires_at timestamptz, reverses_seq bigint, from_hold_id uuid);

-- The answers of one call, one element per request: ords says which. Null columns: see ledger_post.
CREATE TYPE ledger_answers AS (
  ords int[], outcomes text[], differ boolean[], balances_e4 bigint[], availables_e4 bigint[], debts_e4 bigint[],
  seqs bigint[], hold_ids uuid[], posted_e4 bigint[]);

-- The answer to one debit: outcome is null when it was posted as asked, and then only balance, available and seq are filled.
CREATE TYPE ledger_answer AS (
  outcome text, differs boolean, balance_e4 bigint, available_e4 bigint, debt_e4 bigint, seq bigint, hold_id uuid, posted_e4 bigint);
