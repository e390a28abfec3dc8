-- One debit alone, as plain parameters: the quiet case must not pay for the arrays of many. It decides the usual case only: a known
-- account that covers the debit, under a new key. Everything else it leaves, untouched and in the same call, to the general shape.
CREATE OR REPLACE FUNCTION ledger_post_debit(
  p_posted_at timestamptz, p_tenant_id uuid, p_unit text, p_amount_e4 bigint, p_kind text, p_counter_account text, p_key uuid,
  p_cause_type text, p_occurred_at timestamptz, p_service text, p_reference text, p_cause_id text, p_note text, p_reverses_seq bigint)
RETURNS ledger_answer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
DECLARE
  y ledger_answers;
  v_balance_e4 bigint;
  v_available_e4 bigint;
  v_seq bigint; -- null until the debit stands
  v_side_keys boolean;
  v_is_crossed boolean;
BEGIN
  IF NOT ledger_is_operator() THEN
    PERFORM ledger_check_tenants(ARRAY[p_tenant_id]);
  END IF;
  BEGIN
    UPDATE accounts AS t SET balance_e4 = t.balance_e4 - p_amount_e4, last_seq = t.last_seq + 1,
      crossings = t.crossings + (t.balance_e4 - t.held_e4 >= t.recharge_below_e4
                                 AND t.balance_e4 - t.held_e4 - p_amount_e4 < t.recharge_below_e4 IS TRUE)::int
    WHERE t.tenant_id = p_tenant_id AND t.unit = p_unit AND p_amount_e4 > 0 AND t.balance_e4 - t.held_e4 >= p_amount_e4
    RETURNING t.balance_e4, t.balance_e4 - t.held_e4, t.last_seq, t.has_side_keys,
      t.balance_e4 + p_amount_e4 - t.held_e4 >= t.recharge_below_e4 AND t.balance_e4 - t.held_e4 < t.recharge_below_e4
    INTO v_balance_e4, v_available_e4, v_seq, v_side_keys, v_is_crossed;
    IF v_seq IS NOT NULL THEN
      INSERT INTO entries (tenant_id, unit, seq, amount_e4, balance_after_e4, occurred_at, posted_at, idempotency_key, kind,
                           counter_account, service, reference, cause_type, cause_id, reverses_seq, note)
      VALUES (p_tenant_id, p_unit, v_seq, -p_amount_e4, v_balance_e4, p_occurred_at, p_posted_at, p_key, p_kind,
              p_counter_account, p_service, p_reference, p_cause_type, p_cause_id, p_reverses_seq, p_note);
      IF v_side_keys AND ledger_is_side_key(ARRAY[p_tenant_id], ARRAY[p_key]) THEN
        RAISE unique_violation;
      END IF;
    END IF;
  EXCEPTION WHEN unique_violation THEN
    v_seq := NULL; -- the key was posted before: both rows are as they were
  END;

  IF v_seq IS NULL THEN
    y := ledger_post_general(
      ARRAY[(1, p_tenant_id, p_unit, 'debit', p_amount_e4, p_kind, p_counter_account, p_key, p_cause_type, p_occurred_at, p_service,
             p_reference, p_cause_id, p_note, NULL, NULL, p_reverses_seq, NULL)::ledger_request],
      p_posted_at, p_wait => true);
    RETURN (y.outcomes[1], y.differ[1], y.balances_e4[1], y.availables_e4[1], y.debts_e4[1], y.seqs[1], y.hold_ids[1], y.posted_e4[1]);
  END IF;
  IF v_is_crossed THEN
    PERFORM ledger_request_recharge(p_tenant_id, p_unit, v_seq, 1, p_posted_at);
  END IF;
  RETURN (NULL, NULL, v_balance_e4, v_available_e4, NULL, v_seq, NULL, NULL)::ledger_answer;
END
$$;
