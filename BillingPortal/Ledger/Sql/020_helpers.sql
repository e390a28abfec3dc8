-- Small parts of the posting function. They run as ledger_owner inside it and under its search_path; nobody else may call them.

-- The key of the debt repayment that a posting brings along: always the same for the same posting.
CREATE OR REPLACE FUNCTION ledger_repayment_key(p_key uuid) RETURNS uuid
LANGUAGE sql IMMUTABLE AS $$ SELECT md5('debt_repayment:' || p_key)::uuid $$;

-- sum(bigint) counts in numeric, which costs a tenth of a batch. An overflow is an error here, too.
CREATE OR REPLACE AGGREGATE ledger_sum(bigint) (SFUNC = int8pl, STYPE = bigint);

CREATE OR REPLACE FUNCTION ledger_is_operator() RETURNS boolean
LANGUAGE sql STABLE AS $$ SELECT pg_has_role(session_user, 'portal_ops', 'MEMBER') $$;

-- A session may post for the tenants of p_tenant_ids only if it is the operator's, or its own tenant is the only one.
CREATE OR REPLACE FUNCTION ledger_check_tenants(p_tenant_ids uuid[]) RETURNS void
LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF ledger_is_operator() THEN
    RETURN;
  END IF;
  IF EXISTS (SELECT FROM unnest(p_tenant_ids) AS t (id)
             WHERE t.id IS DISTINCT FROM nullif(current_setting('app.tenant_id', true), '')::uuid) THEN
    RAISE insufficient_privilege USING MESSAGE = 'This session may post for its own tenant only.';
  END IF;
END
$$;

-- One more crossing of the recharge threshold: the request stands with the posting or not at all.
CREATE OR REPLACE FUNCTION ledger_request_recharge(p_tenant_id uuid, p_unit text, p_seq bigint, p_count bigint, p_at timestamptz)
RETURNS void LANGUAGE sql AS $$
  INSERT INTO recharge_requests AS r (tenant_id, unit, crossed_seq, requested_at, version, done_version, attempts, is_below)
  VALUES (p_tenant_id, p_unit, p_seq, p_at, p_count, 0, 0, true)
  ON CONFLICT (tenant_id) DO UPDATE
    SET unit = excluded.unit, crossed_seq = excluded.crossed_seq, requested_at = excluded.requested_at, version = r.version + p_count,
        is_below = true;
  SELECT pg_notify('recharge', p_tenant_id::text);
$$;

-- Below the threshold without a crossing, because a refund or a dispute took the credits: no charge at once, but the sweep looks.
CREATE OR REPLACE FUNCTION ledger_note_below(p_tenant_id uuid, p_unit text, p_seq bigint, p_at timestamptz)
RETURNS void LANGUAGE sql AS $$
  INSERT INTO recharge_requests (tenant_id, unit, crossed_seq, requested_at, version, done_version, attempts, is_below)
  VALUES (p_tenant_id, p_unit, p_seq, p_at, 0, 0, 0, true)
  ON CONFLICT (tenant_id) DO UPDATE SET is_below = true;
$$;

-- Appends one entry and moves the account along. The caller holds the account's lock and saves it.
CREATE OR REPLACE FUNCTION ledger_write_entry(
  INOUT a accounts, r ledger_request, p_amount_e4 bigint, p_kind text, p_counter text, p_key uuid, p_posted_at timestamptz)
LANGUAGE plpgsql AS $$
BEGIN
  a.balance_e4 := a.balance_e4 + p_amount_e4;
  a.last_seq := a.last_seq + 1;
  INSERT INTO entries (tenant_id, unit, seq, amount_e4, balance_after_e4, occurred_at, posted_at, idempotency_key, kind,
                       counter_account, service, reference, cause_type, cause_id, hold_id, reverses_seq, note)
  VALUES (r.tenant_id, r.unit, a.last_seq, p_amount_e4, a.balance_e4, r.occurred_at, p_posted_at, p_key, p_kind,
          p_counter, r.service, r.reference, r.cause_type, r.cause_id, r.hold_id, r.reverses_seq, r.note);
END
$$;

CREATE OR REPLACE FUNCTION ledger_write_debt(
  INOUT a accounts, r ledger_request, p_amount_e4 bigint, p_kind text, p_counter text, p_key uuid, p_entry_seq bigint,
  p_posted_at timestamptz)
LANGUAGE plpgsql AS $$
BEGIN
  a.debt_e4 := a.debt_e4 + p_amount_e4;
  a.last_debt_seq := a.last_debt_seq + 1;
  a.has_side_keys := true;
  INSERT INTO debt_entries (tenant_id, unit, seq, amount_e4, debt_after_e4, occurred_at, posted_at, idempotency_key, entry_seq,
                            kind, counter_account, service, reference, cause_type, cause_id, hold_id, note)
  VALUES (r.tenant_id, r.unit, a.last_debt_seq, p_amount_e4, a.debt_e4, r.occurred_at, p_posted_at, p_key, p_entry_seq,
          p_kind, p_counter, r.service, r.reference, r.cause_type, r.cause_id, r.hold_id, r.note);
END
$$;

-- Holds at every commit: an account with a debt has nothing available. Whatever became available pays the debt first.
CREATE OR REPLACE FUNCTION ledger_repay(INOUT a accounts, r ledger_request, p_posted_at timestamptz)
LANGUAGE plpgsql AS $$
DECLARE
  v_pay bigint := least(a.debt_e4, a.balance_e4 - a.held_e4);
  v_key uuid := ledger_repayment_key(r.idempotency_key);
BEGIN
  IF v_pay > 0 THEN
    a := ledger_write_entry(a, r, -v_pay, 'debt_repayment', 'debt', v_key, p_posted_at);
    a := ledger_write_debt(a, r, -v_pay, 'debt_repayment', 'debt', v_key, a.last_seq, p_posted_at);
  END IF;
END
$$;

-- Takes the amount from what is available; the rest becomes debt.
CREATE OR REPLACE FUNCTION ledger_take(INOUT a accounts, r ledger_request, p_posted_at timestamptz)
LANGUAGE plpgsql AS $$
DECLARE
  v_taken bigint := least(r.amount_e4, a.balance_e4 - a.held_e4);
  v_seq bigint;
BEGIN
  IF v_taken > 0 THEN
    a := ledger_write_entry(a, r, -v_taken, r.kind, r.counter_account, r.idempotency_key, p_posted_at);
    v_seq := a.last_seq;
  END IF;
  IF v_taken < r.amount_e4 THEN
    a := ledger_write_debt(a, r, r.amount_e4 - v_taken, r.kind, r.counter_account, r.idempotency_key, v_seq, p_posted_at);
  END IF;
END
$$;

-- Programmer errors end the whole call: an unknown operation, a missing field, an amount that is not greater than zero.
CREATE OR REPLACE FUNCTION ledger_check_requests(p_requests ledger_request[]) RETURNS void
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  IF EXISTS (
    SELECT FROM unnest(p_requests) AS q
    WHERE q.operation NOT IN ('debit', 'credit', 'hold', 'capture', 'release', 'claw_back', 'expire', 'extend', 'reserve',
                             'reserve_fully', 'settle')
       OR num_nulls(q.tenant_id, q.unit, q.operation, q.amount_e4, q.kind, q.counter_account, q.idempotency_key, q.cause_type,
                    q.occurred_at) > 0
       OR (q.operation IN ('hold', 'capture', 'release', 'expire', 'extend', 'reserve', 'reserve_fully', 'settle'))
          <> (q.hold_id IS NOT NULL)
       OR q.from_hold_id IS NOT NULL AND q.operation <> 'reserve_fully'
       OR q.amount_e4 <= 0 AND q.operation NOT IN ('release', 'expire', 'settle')) THEN
    RAISE invalid_parameter_value USING MESSAGE = 'A posting needs a tenant, unit, known operation, key, kind, counter account, cause, '
      'time and an amount greater than zero; a hold operation needs a hold id, others must not have one.';
  END IF;
END
$$;

-- True when one of the keys stands for a hold, an extension of one or a debt, where the index over entries does not see it.
CREATE OR REPLACE FUNCTION ledger_is_side_key(p_tenant_ids uuid[], p_keys uuid[]) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT FROM unnest(p_tenant_ids, p_keys) AS k (tenant_id, key)
    WHERE EXISTS (SELECT FROM holds AS h WHERE h.idempotency_key = k.key AND h.tenant_id = k.tenant_id)
       OR EXISTS (SELECT FROM hold_extensions AS x WHERE x.idempotency_key = k.key AND x.tenant_id = k.tenant_id)
       OR EXISTS (SELECT FROM debt_entries AS d WHERE d.idempotency_key = k.key AND d.tenant_id = k.tenant_id))
$$;

-- The requests that are not among p_done, one by one.
CREATE OR REPLACE FUNCTION ledger_rest(
  p_done int[], p_tenant_ids uuid[], p_units text[], p_operations text[], p_amounts_e4 bigint[], p_kinds text[],
  p_counter_accounts text[], p_keys uuid[], p_cause_types text[], p_occurred_at timestamptz[], p_services text[],
  p_references text[], p_cause_ids text[], p_notes text[], p_hold_ids uuid[], p_expires_at timestamptz[], p_reverses_seqs bigint[],
  p_from_hold_ids uuid[])
RETURNS ledger_request[] LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN array_agg((q.ord, q.tenant_id, coalesce(q.unit, p_units[1]), coalesce(q.operation, p_operations[1]), q.amount_e4,
                    coalesce(q.kind, p_kinds[1]), coalesce(q.counter_account, p_counter_accounts[1]), q.idempotency_key,
                    coalesce(q.cause_type, p_cause_types[1]), q.occurred_at, q.service, q.reference, q.cause_id, q.note, q.hold_id, q.expires_at,
                    q.reverses_seq, q.from_hold_id)::ledger_request)
  FROM unnest(p_tenant_ids, p_units, p_operations, p_amounts_e4, p_kinds, p_counter_accounts, p_keys, p_cause_types,
              p_occurred_at, p_services, p_references, p_cause_ids, p_notes, p_hold_ids, p_expires_at, p_reverses_seqs, p_from_hold_ids)
    WITH ORDINALITY AS q (tenant_id, unit, operation, amount_e4, kind, counter_account, idempotency_key, cause_type,
      occurred_at, service, reference, cause_id, note, hold_id, expires_at, reverses_seq, from_hold_id, ord)
  WHERE p_done IS NULL OR NOT (q.ord = ANY (p_done));
END
$$;

-- The answers of the optimistic shape, written out, and those of the general one.
CREATE OR REPLACE FUNCTION ledger_join_answers(x ledger_answers, y ledger_answers, p_amounts_e4 bigint[]) RETURNS ledger_answers
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  n int := cardinality(x.ords);
BEGIN
  IF n IS NULL THEN
    RETURN y;
  END IF;
  RETURN (x.ords || y.ords, array_fill('posted'::text, ARRAY[n]) || y.outcomes, array_fill(false, ARRAY[n]) || y.differ,
          x.balances_e4 || y.balances_e4, x.availables_e4 || y.availables_e4, array_fill(0::bigint, ARRAY[n]) || y.debts_e4,
          x.seqs || y.seqs, array_fill(NULL::uuid, ARRAY[n]) || y.hold_ids,
          (SELECT array_agg(p_amounts_e4[ord] ORDER BY i) FROM unnest(x.ords) WITH ORDINALITY AS o (ord, i)) || y.posted_e4);
END
$$;
