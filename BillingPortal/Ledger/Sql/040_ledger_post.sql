-- The only code that changes a balance. Holds at every commit: balance = sum of entries; 0 <= held <= balance; one entry per
-- key; entries of an account are numbered without a gap; nothing is available while there is a debt.
--
-- Arrays, one element per request. p_units, p_operations, p_kinds, p_counter_accounts and p_cause_types may be shorter: their
-- first element stands for the missing ones. The optional ones may be shorter or empty, for nulls. Requests of one account are
-- judged in the order given. Answers: posted, duplicate, insufficient, unknown_account, unknown_hold, hold_ended; where all are
-- posted as asked, ords, balances, availables and seqs are filled and the other columns are null. A key that races in from
-- another session under another account raises unique_violation: nothing is applied, call again. p_is_distinct: no two requests are
-- for one account; said wrongly, it costs time and the order in which debits are judged, never the books.
CREATE OR REPLACE FUNCTION ledger_post(
  p_posted_at timestamptz,
  p_tenant_ids uuid[], p_units text[], p_operations text[], p_amounts_e4 bigint[], p_kinds text[], p_counter_accounts text[],
  p_keys uuid[], p_cause_types text[], p_occurred_at timestamptz[],
  p_services text[] DEFAULT '{}', p_references text[] DEFAULT '{}', p_cause_ids text[] DEFAULT '{}', p_notes text[] DEFAULT '{}',
  p_hold_ids uuid[] DEFAULT '{}', p_expires_at timestamptz[] DEFAULT '{}', p_reverses_seqs bigint[] DEFAULT '{}',
  p_from_hold_ids uuid[] DEFAULT '{}', p_is_distinct boolean DEFAULT false)
RETURNS ledger_answers
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
DECLARE
  x ledger_answers;
  y ledger_answers;
  n int := cardinality(p_tenant_ids);
  v_side_keys boolean;
  v_crossed_tenants uuid[];
  v_crossed_units text[];
  v_crossed_seqs bigint[];
BEGIN
  PERFORM ledger_check_tenants(p_tenant_ids);
  BEGIN
    IF (p_is_distinct OR n = 1) AND p_operations = ARRAY['debit'] AND cardinality(p_hold_ids) = 0 THEN
      -- Debits of as many accounts: each row of the UPDATE is an entry. Keys order the locks: two calls never wait for each other.
      WITH a AS (
        UPDATE accounts AS t SET balance_e4 = t.balance_e4 - q.amount_e4, last_seq = t.last_seq + 1,
          crossings = t.crossings + (t.balance_e4 - t.held_e4 >= t.recharge_below_e4
                                     AND t.balance_e4 - t.held_e4 - q.amount_e4 < t.recharge_below_e4 IS TRUE)::int
        FROM (SELECT u.ord::int AS ord, u.tenant_id, coalesce(p_units[u.ord], p_units[1]) AS unit, p_amounts_e4[u.ord] AS amount_e4
              FROM unnest(p_tenant_ids) WITH ORDINALITY AS u (tenant_id, ord) ORDER BY u.tenant_id, 3) AS q
        WHERE q.amount_e4 > 0 AND t.tenant_id = q.tenant_id AND t.unit = q.unit AND t.balance_e4 - t.held_e4 >= q.amount_e4
        RETURNING q.ord, t.tenant_id, t.unit, q.amount_e4, t.balance_e4, t.balance_e4 - t.held_e4 AS available_e4, t.last_seq,
          t.has_side_keys, t.balance_e4 + q.amount_e4 - t.held_e4 >= t.recharge_below_e4
                           AND t.balance_e4 - t.held_e4 < t.recharge_below_e4 AS is_crossed),
      i AS (
        INSERT INTO entries (tenant_id, unit, seq, amount_e4, balance_after_e4, occurred_at, posted_at, idempotency_key, kind,
                             counter_account, service, reference, cause_type, cause_id, reverses_seq, note)
        SELECT tenant_id, unit, last_seq, -amount_e4, balance_e4, p_occurred_at[ord], p_posted_at, p_keys[ord],
          coalesce(p_kinds[ord], p_kinds[1]), coalesce(p_counter_accounts[ord], p_counter_accounts[1]), p_services[ord],
          p_references[ord], coalesce(p_cause_types[ord], p_cause_types[1]), p_cause_ids[ord], p_reverses_seqs[ord], p_notes[ord]
        FROM a)
      SELECT array_agg(ord), array_agg(balance_e4), array_agg(available_e4), array_agg(last_seq),
        bool_or(has_side_keys), array_agg(tenant_id) FILTER (WHERE is_crossed), array_agg(unit) FILTER (WHERE is_crossed),
        array_agg(last_seq) FILTER (WHERE is_crossed)
      INTO x.ords, x.balances_e4, x.availables_e4, x.seqs, v_side_keys, v_crossed_tenants, v_crossed_units, v_crossed_seqs
      FROM a;
    ELSE
      -- Any mix: accounts that are only debited and cover it all take one UPDATE and one INSERT together. The arrays are looked
      -- into by number where a value is wanted: rows of all columns would be sorted, joined and kept.
      WITH q AS MATERIALIZED (
        SELECT u.ord::int AS ord, u.tenant_id, coalesce(p_units[u.ord], p_units[1]) AS unit,
          ledger_sum(p_amounts_e4[u.ord]) OVER k AS running, row_number() OVER k AS n, lead(u.ord) OVER k IS NULL AS is_last,
          min(u.ord) OVER k AS first_ord,
          bool_and(coalesce(p_operations[u.ord], p_operations[1]) = 'debit' AND p_amounts_e4[u.ord] > 0
                   AND p_hold_ids[u.ord] IS NULL) OVER k AS is_plain
        FROM unnest(p_tenant_ids) WITH ORDINALITY AS u (tenant_id, ord)
        WINDOW k AS (PARTITION BY u.tenant_id, coalesce(p_units[u.ord], p_units[1]) ORDER BY u.ord ROWS UNBOUNDED PRECEDING)),
      a AS (
        -- In key order, because the window has sorted.
        UPDATE accounts AS t SET balance_e4 = t.balance_e4 - q.running, last_seq = t.last_seq + q.n,
          crossings = t.crossings + (t.balance_e4 - t.held_e4 >= t.recharge_below_e4
                                     AND t.balance_e4 - t.held_e4 - q.running < t.recharge_below_e4 IS TRUE)::int
        FROM q
        WHERE q.is_last AND q.is_plain AND t.tenant_id = q.tenant_id AND t.unit = q.unit AND t.balance_e4 - t.held_e4 >= q.running
        RETURNING q.first_ord, t.balance_e4 + q.running AS balance_before, t.held_e4, t.last_seq - q.n AS seq_before,
          t.has_side_keys, t.balance_e4 + q.running - t.held_e4 >= t.recharge_below_e4
                           AND t.balance_e4 - t.held_e4 < t.recharge_below_e4 AS is_crossed),
      p AS MATERIALIZED (
        -- FULL, because that can only be a hash join: not knowing how long the arrays are, the planner would take a nested loop.
        SELECT q.ord, q.tenant_id, q.unit, a.balance_before - q.running AS balance_after, a.seq_before + q.n AS seq, a.held_e4,
          a.has_side_keys, q.is_last AND a.is_crossed AS is_crossed
        FROM q FULL JOIN a ON a.first_ord = q.first_ord
        WHERE coalesce(a.seq_before, -1) >= 0),
      i AS (
        INSERT INTO entries (tenant_id, unit, seq, amount_e4, balance_after_e4, occurred_at, posted_at, idempotency_key, kind,
                             counter_account, service, reference, cause_type, cause_id, reverses_seq, note)
        SELECT tenant_id, unit, seq, -p_amounts_e4[ord], balance_after, p_occurred_at[ord], p_posted_at, p_keys[ord],
          coalesce(p_kinds[ord], p_kinds[1]), coalesce(p_counter_accounts[ord], p_counter_accounts[1]), p_services[ord],
          p_references[ord], coalesce(p_cause_types[ord], p_cause_types[1]), p_cause_ids[ord], p_reverses_seqs[ord], p_notes[ord]
        FROM p)
      SELECT array_agg(ord), array_agg(balance_after), array_agg(balance_after - held_e4), array_agg(seq),
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
