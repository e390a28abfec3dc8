-- The only code that changes a balance. Holds at every commit: balance = sum of entries; 0 <= held <= balance; one entry per
-- key; entries of an account are numbered without a gap; nothing is available while there is a debt.
--
-- Arrays, one element per request; the optional ones may be shorter or empty. Requests of one account are judged in the order
-- given. Answers: posted, duplicate, insufficient, unknown_account, unknown_hold, hold_ended. A key that races in from another
-- session under another account raises unique_violation: nothing is applied, call again.
CREATE OR REPLACE FUNCTION ledger_post(
  p_posted_at timestamptz,
  p_tenant_ids uuid[], p_units text[], p_operations text[], p_amounts_e4 bigint[], p_kinds text[], p_counter_accounts text[],
  p_keys uuid[], p_cause_types text[], p_occurred_at timestamptz[],
  p_services text[] DEFAULT '{}', p_references text[] DEFAULT '{}', p_cause_ids text[] DEFAULT '{}', p_notes text[] DEFAULT '{}',
  p_hold_ids uuid[] DEFAULT '{}', p_expires_at timestamptz[] DEFAULT '{}', p_reverses_seqs bigint[] DEFAULT '{}')
RETURNS ledger_answers
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
DECLARE
  x ledger_answers;
  y ledger_answers;
  v_rest ledger_request[];
  v_side_keys boolean;
  v_crossed_tenants uuid[];
  v_crossed_units text[];
  v_crossed_seqs bigint[];
BEGIN
  PERFORM ledger_check_tenants(p_tenant_ids);

  -- The optimistic shape: accounts that are only debited, cover it all and repeat no key take one UPDATE and one INSERT together.
  BEGIN
    WITH q AS MATERIALIZED (
      SELECT u.*, (sum(u.amount_e4) OVER k)::bigint AS running, row_number() OVER k AS n, lead(u.ord) OVER k IS NULL AS is_last,
        bool_and(u.operation = 'debit' AND u.amount_e4 > 0 AND u.hold_id IS NULL) OVER k AS is_plain
      FROM unnest(p_tenant_ids, p_units, p_operations, p_amounts_e4, p_kinds, p_counter_accounts, p_keys, p_cause_types,
                  p_occurred_at, p_services, p_references, p_cause_ids, p_notes, p_hold_ids, p_reverses_seqs) WITH ORDINALITY
        AS u (tenant_id, unit, operation, amount_e4, kind, counter_account, idempotency_key, cause_type,
              occurred_at, service, reference, cause_id, note, hold_id, reverses_seq, ord)
      WINDOW k AS (PARTITION BY u.tenant_id, u.unit ORDER BY u.ord ROWS UNBOUNDED PRECEDING)),
    a AS (
      -- In key order, because the window has sorted: two calls never wait for each other.
      UPDATE accounts AS t SET balance_e4 = t.balance_e4 - q.running, last_seq = t.last_seq + q.n,
        crossings = t.crossings + (t.balance_e4 - t.held_e4 >= t.recharge_below_e4
                                   AND t.balance_e4 - t.held_e4 - q.running < t.recharge_below_e4 IS TRUE)::int
      FROM q
      WHERE q.is_last AND q.is_plain AND t.tenant_id = q.tenant_id AND t.unit = q.unit AND t.balance_e4 - t.held_e4 >= q.running
      RETURNING t.tenant_id, t.unit, t.balance_e4 + q.running AS balance_before, t.held_e4, t.last_seq - q.n AS seq_before,
        t.has_side_keys, t.balance_e4 + q.running - t.held_e4 >= t.recharge_below_e4
                         AND t.balance_e4 - t.held_e4 < t.recharge_below_e4 AS is_crossed),
    p AS MATERIALIZED (
      -- FULL, because that can only be a hash join: not knowing how long the arrays are, the planner would take a nested loop.
      SELECT q.*, a.balance_before - q.running AS balance_after, a.seq_before + q.n AS seq, a.held_e4, a.has_side_keys,
        q.is_last AND a.is_crossed AS is_crossed
      FROM q FULL JOIN a ON a.tenant_id = q.tenant_id AND a.unit = q.unit
      WHERE coalesce(a.seq_before, -1) >= 0),
    i AS (
      INSERT INTO entries (tenant_id, unit, seq, amount_e4, balance_after_e4, occurred_at, posted_at, idempotency_key, kind,
                           counter_account, service, reference, cause_type, cause_id, reverses_seq, note)
      SELECT tenant_id, unit, seq, -amount_e4, balance_after, occurred_at, p_posted_at, idempotency_key, kind,
             counter_account, service, reference, cause_type, cause_id, reverses_seq, note FROM p)
    SELECT array_agg(ord), array_agg('posted'::text), array_agg(false), array_agg(balance_after), array_agg(balance_after - held_e4),
      array_agg(0::bigint), array_agg(seq), array_agg(NULL::uuid), array_agg(amount_e4), bool_or(has_side_keys),
      array_agg(tenant_id) FILTER (WHERE is_crossed), array_agg(unit) FILTER (WHERE is_crossed),
      array_agg(seq) FILTER (WHERE is_crossed)
    INTO x.ords, x.outcomes, x.differ, x.balances_e4, x.availables_e4, x.debts_e4, x.seqs, x.hold_ids, x.posted_e4, v_side_keys,
      v_crossed_tenants, v_crossed_units, v_crossed_seqs
    FROM p;
    IF v_side_keys AND ledger_is_side_key(p_tenant_ids, p_keys) THEN
      RAISE unique_violation;
    END IF;
    v_rest := ledger_rest(x.ords, p_tenant_ids, p_units, p_operations, p_amounts_e4, p_kinds, p_counter_accounts, p_keys,
      p_cause_types, p_occurred_at, p_services, p_references, p_cause_ids, p_notes, p_hold_ids, p_expires_at, p_reverses_seqs);
    IF v_rest IS NOT NULL THEN
      y := ledger_post_general(v_rest, p_posted_at, p_wait => x.ords IS NULL);
    END IF;
  EXCEPTION WHEN unique_violation OR lock_not_available THEN
    -- A key was posted before, or somebody holds a lock that was wanted out of order: all is undone and looked at one by one.
    x := NULL;
    v_crossed_tenants := NULL;
    y := ledger_post_general(ledger_rest(NULL, p_tenant_ids, p_units, p_operations, p_amounts_e4, p_kinds, p_counter_accounts, p_keys,
      p_cause_types, p_occurred_at, p_services, p_references, p_cause_ids, p_notes, p_hold_ids, p_expires_at, p_reverses_seqs), p_posted_at, p_wait => true);
  END;

  -- After every account is locked, in the same order everywhere.
  FOR i IN 1 .. coalesce(cardinality(v_crossed_tenants), 0) LOOP
    PERFORM ledger_request_recharge(v_crossed_tenants[i], v_crossed_units[i], v_crossed_seqs[i], 1, p_posted_at);
  END LOOP;
  IF y IS NULL THEN
    RETURN x;
  END IF;
  RETURN (x.ords || y.ords, x.outcomes || y.outcomes, x.differ || y.differ, x.balances_e4 || y.balances_e4,
          x.availables_e4 || y.availables_e4, x.debts_e4 || y.debts_e4, x.seqs || y.seqs, x.hold_ids || y.hold_ids,
          x.posted_e4 || y.posted_e4)::ledger_answers;
END
$$;
