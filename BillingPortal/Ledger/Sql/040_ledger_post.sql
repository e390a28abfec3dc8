-- The only code that changes a balance. Holds at every commit: balance = sum of entries; 0 <= held <= balance; one entry per
-- key; entries of an account are numbered without a gap; nothing is available while there is a debt.
--
-- Arrays, one element per request. p_units, p_operations, p_kinds, p_counter_accounts and p_cause_types may be shorter: their
-- first element stands for the missing ones. The optional ones may be shorter or empty, for nulls. Requests of one account are
-- judged in the order given. Answers: posted, duplicate, insufficient, unknown_account, unknown_hold, hold_ended; where all are
-- posted as asked, ords, balances, availables and seqs are filled and the other columns are null. A key that races in from
-- another session under another account raises unique_violation: nothing is applied, call again.
CREATE OR REPLACE FUNCTION ledger_post(
  p_posted_at timestamptz,
  p_tenant_ids uuid[], p_units text[], p_operations text[], p_amounts_e4 bigint[], p_kinds text[], p_counter_accounts text[],
  p_keys uuid[], p_cause_types text[], p_occurred_at timestamptz[],
  p_services text[] DEFAULT '{}', p_references text[] DEFAULT '{}', p_cause_ids text[] DEFAULT '{}', p_notes text[] DEFAULT '{}',
  p_hold_ids uuid[] DEFAULT '{}', p_expires_at timestamptz[] DEFAULT '{}', p_reverses_seqs bigint[] DEFAULT '{}',
  p_from_hold_ids uuid[] DEFAULT '{}')
RETURNS ledger_answers
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
DECLARE
  x ledger_answers;
  y ledger_answers;
  v_account accounts;
  n int := cardinality(p_tenant_ids);
  v_side_keys boolean;
  v_crossed_tenants uuid[];
  v_crossed_units text[];
  v_crossed_seqs bigint[];
BEGIN
  PERFORM ledger_check_tenants(p_tenant_ids);
  BEGIN
    IF n = 1 AND p_operations[1] = 'debit' AND p_amounts_e4[1] > 0 AND p_hold_ids[1] IS NULL THEN
      -- The quiet case: one debit alone must not pay for the machinery of many.
      UPDATE accounts AS t SET balance_e4 = t.balance_e4 - p_amounts_e4[1], last_seq = t.last_seq + 1,
        crossings = t.crossings + (t.balance_e4 - t.held_e4 >= t.recharge_below_e4
                                   AND t.balance_e4 - t.held_e4 - p_amounts_e4[1] < t.recharge_below_e4 IS TRUE)::int
      WHERE t.tenant_id = p_tenant_ids[1] AND t.unit = p_units[1] AND t.balance_e4 - t.held_e4 >= p_amounts_e4[1]
      RETURNING * INTO v_account;
      IF v_account.last_seq IS NOT NULL THEN
        INSERT INTO entries (tenant_id, unit, seq, amount_e4, balance_after_e4, occurred_at, posted_at, idempotency_key, kind,
                             counter_account, service, reference, cause_type, cause_id, reverses_seq, note)
        VALUES (v_account.tenant_id, v_account.unit, v_account.last_seq, -p_amounts_e4[1], v_account.balance_e4, p_occurred_at[1], p_posted_at, p_keys[1],
                p_kinds[1], p_counter_accounts[1], p_services[1], p_references[1], p_cause_types[1], p_cause_ids[1],
                p_reverses_seqs[1], p_notes[1]);
        x := (ARRAY[1], NULL, NULL, ARRAY[v_account.balance_e4], ARRAY[v_account.balance_e4 - v_account.held_e4], NULL, ARRAY[v_account.last_seq], NULL, NULL);
        v_side_keys := v_account.has_side_keys;
        IF v_account.balance_e4 - v_account.held_e4 < v_account.recharge_below_e4
           AND v_account.balance_e4 - v_account.held_e4 + p_amounts_e4[1] >= v_account.recharge_below_e4 THEN
          v_crossed_tenants := p_tenant_ids;
          v_crossed_units := p_units;
          v_crossed_seqs := ARRAY[v_account.last_seq];
        END IF;
      END IF;
    ELSE
      -- The optimistic shape: accounts that are only debited and cover it all take one UPDATE and one INSERT together.
      WITH q AS MATERIALIZED (
        SELECT u.ord, u.tenant_id, coalesce(u.unit, p_units[1]) AS unit, u.amount_e4, u.kind, u.counter_account, u.idempotency_key,
          u.cause_type, u.occurred_at, u.service, u.reference, u.cause_id, u.note, u.reverses_seq,
          (sum(u.amount_e4) OVER k)::bigint AS running, row_number() OVER k AS n, lead(u.ord) OVER k IS NULL AS is_last,
          bool_and(coalesce(u.operation, p_operations[1]) = 'debit' AND u.amount_e4 > 0 AND u.hold_id IS NULL) OVER k AS is_plain
        FROM unnest(p_tenant_ids, p_units, p_operations, p_amounts_e4, p_kinds, p_counter_accounts, p_keys, p_cause_types,
                    p_occurred_at, p_services, p_references, p_cause_ids, p_notes, p_hold_ids, p_reverses_seqs) WITH ORDINALITY
          AS u (tenant_id, unit, operation, amount_e4, kind, counter_account, idempotency_key, cause_type,
                occurred_at, service, reference, cause_id, note, hold_id, reverses_seq, ord)
        WINDOW k AS (PARTITION BY u.tenant_id, coalesce(u.unit, p_units[1]) ORDER BY u.ord ROWS UNBOUNDED PRECEDING)),
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
        SELECT tenant_id, unit, seq, -amount_e4, balance_after, occurred_at, p_posted_at, idempotency_key, coalesce(kind, p_kinds[1]),
               coalesce(counter_account, p_counter_accounts[1]), service, reference, coalesce(cause_type, p_cause_types[1]),
               cause_id, reverses_seq, note FROM p)
      SELECT array_agg(ord::int), array_agg(balance_after), array_agg(balance_after - held_e4), array_agg(seq),
        bool_or(has_side_keys), array_agg(tenant_id) FILTER (WHERE is_crossed), array_agg(unit) FILTER (WHERE is_crossed),
        array_agg(seq) FILTER (WHERE is_crossed)
      INTO x.ords, x.balances_e4, x.availables_e4, x.seqs, v_side_keys, v_crossed_tenants, v_crossed_units, v_crossed_seqs
      FROM p;
    END IF;

    -- IS TRUE: null, where nothing was posted above, would have the keys looked up as well.
    IF v_side_keys IS TRUE AND ledger_is_side_key(p_tenant_ids, p_keys) THEN
      RAISE unique_violation;
    END IF;
    IF x.ords IS NULL OR cardinality(x.ords) < n THEN
      y := ledger_post_general(
        ledger_rest(x.ords, p_tenant_ids, p_units, p_operations, p_amounts_e4, p_kinds, p_counter_accounts, p_keys, p_cause_types,
          p_occurred_at, p_services, p_references, p_cause_ids, p_notes, p_hold_ids, p_expires_at, p_reverses_seqs,
          p_from_hold_ids),
        p_posted_at, p_wait => x.ords IS NULL);
    END IF;
  EXCEPTION WHEN unique_violation OR lock_not_available THEN
    -- A key was posted before, or somebody holds a lock that was wanted out of order: all is undone and looked at one by one.
    x := NULL;
    v_crossed_tenants := NULL;
    y := ledger_post_general(
      ledger_rest(NULL, p_tenant_ids, p_units, p_operations, p_amounts_e4, p_kinds, p_counter_accounts, p_keys, p_cause_types,
        p_occurred_at, p_services, p_references, p_cause_ids, p_notes, p_hold_ids, p_expires_at, p_reverses_seqs,
          p_from_hold_ids),
      p_posted_at, p_wait => true);
  END;

  -- After every account is locked, in the same order everywhere.
  IF v_crossed_tenants IS NOT NULL THEN
    FOR i IN 1 .. cardinality(v_crossed_tenants) LOOP
      PERFORM ledger_request_recharge(v_crossed_tenants[i], v_crossed_units[i], v_crossed_seqs[i], 1, p_posted_at);
    END LOOP;
  END IF;
  IF y IS NULL THEN
    RETURN x;
  END IF;
  RETURN ledger_join_answers(x, y, p_amounts_e4);
END
$$;
