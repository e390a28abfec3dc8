-- The general shape of the posting function: any mix of operations, one account at a time under its row lock, each request judged in
-- arrival order. A request that does not fit is refused and leaves nothing; later, smaller ones may still fit.

-- What was posted under this key before, is_repeat = false if nothing was. Asked under the account's lock.
CREATE OR REPLACE FUNCTION ledger_first_outcome(
  a accounts, r ledger_request, OUT is_repeat boolean, OUT differs boolean, OUT balance_e4 bigint, OUT available_e4 bigint,
  OUT seq bigint, OUT hold_id uuid, OUT posted_e4 bigint)
LANGUAGE plpgsql AS $$
DECLARE
  e entries;
  d debt_entries;
  h holds;
  g hold_extensions; -- what made the hold grow
BEGIN
  IF a.has_side_keys THEN
    SELECT * INTO g FROM hold_extensions AS x WHERE x.idempotency_key = r.idempotency_key AND x.tenant_id = r.tenant_id;
    IF r.operation IN ('capture', 'release', 'expire', 'settle') OR r.from_hold_id IS NOT NULL THEN
      SELECT * INTO h FROM holds AS x WHERE x.ended_by_key = r.idempotency_key AND x.tenant_id = r.tenant_id;
    ELSE
      SELECT * INTO h FROM holds AS x WHERE x.idempotency_key = r.idempotency_key AND x.tenant_id = r.tenant_id;
    END IF;
    IF h.id IS NULL AND r.operation = 'hold' AND r.reference IS NOT NULL THEN
      SELECT * INTO h FROM holds AS x
      WHERE x.tenant_id = r.tenant_id AND x.reference = r.reference AND x.service IS NOT DISTINCT FROM r.service;
    END IF;
    SELECT * INTO d FROM debt_entries AS x WHERE x.idempotency_key = r.idempotency_key AND x.tenant_id = r.tenant_id;
  END IF;
  SELECT * INTO e FROM entries AS x WHERE x.idempotency_key = r.idempotency_key AND x.tenant_id = r.tenant_id;

  is_repeat := true;
  hold_id := coalesce(g.hold_id, e.hold_id, d.hold_id, h.id);
  IF g.hold_id IS NOT NULL THEN
    -- The same use reported again is the same, whether it would be reserved with another month now or debited at once.
    differs := r.operation NOT IN ('extend', 'reserve', 'reserve_fully', 'debit', 'capture', 'claw_back') OR g.unit <> r.unit
      OR g.amount_e4 + greatest(coalesce(d.amount_e4, 0), 0) <> r.amount_e4
      OR (r.operation = 'extend' AND g.hold_id IS DISTINCT FROM r.hold_id);
    posted_e4 := g.amount_e4;
  ELSIF h.id IS NOT NULL AND r.operation IN ('hold', 'release', 'expire') THEN
    differs := h.unit <> r.unit OR CASE r.operation
      WHEN 'hold' THEN h.amount_e4 - h.extended_e4 <> r.amount_e4
      WHEN 'release' THEN h.state <> 'released' OR h.id IS DISTINCT FROM r.hold_id
      ELSE h.state <> 'expired' END;
    hold_id := h.id;
    available_e4 := CASE r.operation WHEN 'hold' THEN h.available_after_e4 END;
    posted_e4 := h.amount_e4 - CASE r.operation WHEN 'hold' THEN h.extended_e4 ELSE 0 END; -- as it was made
  ELSIF e.seq IS NOT NULL OR d.seq IS NOT NULL THEN
    differs := r.operation IN ('hold', 'release', 'expire', 'extend') OR coalesce(e.unit, d.unit) <> r.unit OR coalesce(e.kind, d.kind) <> r.kind
      OR coalesce(e.amount_e4 > 0, false) <> (r.operation = 'credit')
      OR abs(coalesce(e.amount_e4, 0)) + greatest(coalesce(d.amount_e4, 0), 0) <> r.amount_e4
      OR (r.operation NOT IN ('reserve', 'reserve_fully') AND coalesce(e.hold_id, d.hold_id) IS DISTINCT FROM r.hold_id);
    -- A debt that was repaid on the way moved the balance once more.
    SELECT x.balance_after_e4 INTO balance_e4 FROM entries AS x
    WHERE a.has_side_keys AND x.idempotency_key = ledger_repayment_key(r.idempotency_key) AND x.tenant_id = r.tenant_id;
    balance_e4 := coalesce(balance_e4, e.balance_after_e4);
    seq := e.seq;
    posted_e4 := abs(coalesce(e.amount_e4, 0));
  ELSIF h.id IS NOT NULL THEN
    differs := true;
    posted_e4 := h.amount_e4 - CASE r.operation WHEN 'capture' THEN 0 ELSE h.extended_e4 END; -- as it ended, or as it was made
  ELSE
    is_repeat := false;
  END IF;
END
$$;

CREATE OR REPLACE FUNCTION ledger_open_hold(INOUT a accounts, r ledger_request, p_posted_at timestamptz)
LANGUAGE plpgsql AS $$
BEGIN
  a.held_e4 := a.held_e4 + r.amount_e4;
  a.has_side_keys := true;
  INSERT INTO holds (id, tenant_id, unit, amount_e4, available_after_e4, state, idempotency_key, service, reference, cause_type,
                     cause_id, note, occurred_at, posted_at, expires_at)
  VALUES (r.hold_id, r.tenant_id, r.unit, r.amount_e4, a.balance_e4 - a.held_e4, 'open', r.idempotency_key, r.service, r.reference,
          r.cause_type, r.cause_id, r.note, r.occurred_at, p_posted_at, r.expires_at);
END
$$;

CREATE OR REPLACE FUNCTION ledger_extend_hold(INOUT a accounts, r ledger_request, p_posted_at timestamptz)
LANGUAGE plpgsql AS $$
BEGIN
  a.held_e4 := a.held_e4 + r.amount_e4;
  -- One that never ends by itself stays so.
  UPDATE holds AS h SET amount_e4 = h.amount_e4 + r.amount_e4, extended_e4 = h.extended_e4 + r.amount_e4,
    expires_at = CASE WHEN h.expires_at IS NOT NULL THEN greatest(h.expires_at, r.expires_at) END
  WHERE h.id = r.hold_id;
  INSERT INTO hold_extensions (idempotency_key, tenant_id, hold_id, unit, amount_e4, service, reference, cause_type, cause_id, note,
                               occurred_at, posted_at)
  VALUES (r.idempotency_key, r.tenant_id, r.hold_id, r.unit, r.amount_e4, r.service, r.reference, r.cause_type, r.cause_id, r.note,
          r.occurred_at, p_posted_at);
END
$$;

-- The reservation of a period is all extensions: its key and cause are its own, its period is the cause of what is reserved with it.
CREATE OR REPLACE FUNCTION ledger_reserve(INOUT a accounts, r ledger_request, h holds, p_posted_at timestamptz)
LANGUAGE plpgsql AS $$
BEGIN
  IF h.id IS NOT NULL THEN
    a := ledger_extend_hold(a, r, p_posted_at);
    RETURN;
  END IF;
  a.held_e4 := a.held_e4 + r.amount_e4;
  a.has_side_keys := true;
  INSERT INTO holds (id, tenant_id, unit, amount_e4, extended_e4, available_after_e4, state, idempotency_key, cause_type, cause_id,
                     occurred_at, posted_at)
  VALUES (r.hold_id, r.tenant_id, r.unit, r.amount_e4, r.amount_e4, a.balance_e4 - a.held_e4, 'open',
          md5('reservation:' || r.hold_id)::uuid, 'reservation', r.cause_id, r.occurred_at, p_posted_at);
  INSERT INTO hold_extensions (idempotency_key, tenant_id, hold_id, unit, amount_e4, service, reference, cause_type, cause_id, note,
                               occurred_at, posted_at)
  VALUES (r.idempotency_key, r.tenant_id, r.hold_id, r.unit, r.amount_e4, r.service, r.reference, r.cause_type, r.cause_id, r.note,
          r.occurred_at, p_posted_at);
END
$$;

-- A use that has taken place becomes part of the reservation as far as its own hold and available go; the rest becomes debt. What is
-- left over of the hold is free. The reservation that it opens or adds to has the same key as the end of the hold.
CREATE OR REPLACE FUNCTION ledger_reserve_fully(
  INOUT a accounts, r ledger_request, h holds, own holds, p_posted_at timestamptz)
LANGUAGE plpgsql AS $$
DECLARE
  v_asked bigint := r.amount_e4;
BEGIN
  IF own.state = 'open' THEN
    a.held_e4 := a.held_e4 - own.amount_e4;
  END IF;
  UPDATE holds SET ended_at = p_posted_at, ended_by_key = r.idempotency_key, state = 'captured', captured_e4 = v_asked
  WHERE id = own.id;
  r.amount_e4 := least(v_asked, a.balance_e4 - a.held_e4);
  IF r.amount_e4 > 0 THEN
    a := ledger_reserve(a, r, h, p_posted_at);
  END IF;
  -- The debt and what is repaid are the use's own, not the reservation's.
  r.hold_id := r.from_hold_id;
  r.cause_id := r.from_hold_id::text;
  IF r.amount_e4 < v_asked THEN
    a := ledger_write_debt(a, r, v_asked - r.amount_e4, r.kind, r.counter_account, r.idempotency_key, NULL, p_posted_at);
  END IF;
  a := ledger_repay(a, r, p_posted_at);
END
$$;

-- A capture takes own hold and available, the rest becomes debt; an expired hold brings nothing of its own. What is left over is free.
CREATE OR REPLACE FUNCTION ledger_end_hold(INOUT a accounts, r ledger_request, h holds, p_posted_at timestamptz)
LANGUAGE plpgsql AS $$
BEGIN
  IF h.state = 'open' THEN
    a.held_e4 := a.held_e4 - h.amount_e4;
  END IF;
  UPDATE holds SET ended_at = p_posted_at, ended_by_key = r.idempotency_key,
    state = CASE WHEN r.operation IN ('capture', 'settle') THEN 'captured' WHEN r.operation = 'release' THEN 'released' ELSE 'expired' END,
    captured_e4 = CASE WHEN r.operation IN ('capture', 'settle') THEN r.amount_e4 END
  WHERE id = h.id;
  IF r.operation IN ('capture', 'settle') THEN
    a := ledger_take(a, r, p_posted_at);
  END IF;
  a := ledger_repay(a, r, p_posted_at);
END
$$;

CREATE OR REPLACE FUNCTION ledger_save_account(a accounts) RETURNS void
LANGUAGE sql AS $$
  UPDATE accounts SET balance_e4 = a.balance_e4, held_e4 = a.held_e4, debt_e4 = a.debt_e4, last_seq = a.last_seq,
    last_debt_seq = a.last_debt_seq, crossings = a.crossings, has_side_keys = a.has_side_keys
  WHERE tenant_id = a.tenant_id AND unit = a.unit;
$$;

-- What becomes of a request whose key is new.
CREATE OR REPLACE FUNCTION ledger_verdict(a accounts, r ledger_request, h holds, own holds, p_posted_at timestamptz) RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT CASE
    WHEN r.operation IN ('debit', 'hold') AND a.balance_e4 - a.held_e4 < r.amount_e4 THEN 'insufficient'
    WHEN r.operation IN ('debit', 'hold', 'credit', 'claw_back') THEN 'posted'
    WHEN h.id IS NULL AND r.operation NOT IN ('reserve', 'reserve_fully')
      OR own.id IS NULL AND r.from_hold_id IS NOT NULL THEN 'unknown_hold'
    WHEN r.operation = 'reserve_fully' THEN
      CASE WHEN h.state <> 'open' OR own.state NOT IN ('open', 'expired') THEN 'hold_ended' ELSE 'posted' END
    WHEN r.operation IN ('extend', 'reserve') THEN CASE
      WHEN h.state <> 'open' THEN 'hold_ended' WHEN a.balance_e4 - a.held_e4 < r.amount_e4 THEN 'insufficient' ELSE 'posted' END
    WHEN h.state = 'open' AND (r.operation <> 'expire' OR h.expires_at <= p_posted_at) THEN 'posted'
    WHEN h.state = 'expired' AND r.operation = 'capture' THEN 'posted'
    ELSE 'hold_ended' END
$$;

CREATE OR REPLACE FUNCTION ledger_apply(INOUT a accounts, r ledger_request, h holds, own holds, p_posted_at timestamptz)
LANGUAGE plpgsql AS $$
DECLARE
  v_before bigint := a.balance_e4 - a.held_e4;
BEGIN
  CASE r.operation
    WHEN 'debit' THEN
      a := ledger_write_entry(a, r, -r.amount_e4, r.kind, r.counter_account, r.idempotency_key, p_posted_at);
    WHEN 'credit' THEN
      a := ledger_write_entry(a, r, r.amount_e4, r.kind, r.counter_account, r.idempotency_key, p_posted_at);
      a := ledger_repay(a, r, p_posted_at);
    WHEN 'claw_back' THEN
      a := ledger_take(a, r, p_posted_at);
    WHEN 'extend' THEN
      a := ledger_extend_hold(a, r, p_posted_at);
    WHEN 'reserve' THEN
      a := ledger_reserve(a, r, h, p_posted_at);
    WHEN 'reserve_fully' THEN
      a := ledger_reserve_fully(a, r, h, own, p_posted_at);
    WHEN 'hold' THEN
      a := ledger_open_hold(a, r, p_posted_at);
    ELSE
      a := ledger_end_hold(a, r, h, p_posted_at);
  END CASE;
  -- What a refund or dispute takes back is no reason to charge the card again; what was used beyond the balance is.
  IF (r.operation IN ('debit', 'hold', 'extend', 'reserve', 'reserve_fully', 'capture')
      OR (r.operation = 'claw_back' AND r.kind = 'usage'))
     AND v_before >= a.recharge_below_e4 AND a.balance_e4 - a.held_e4 < a.recharge_below_e4 THEN
    a.crossings := a.crossings + 1;
  END IF;
END
$$;

-- p_wait = false: for a caller who holds locks already, raises lock_not_available instead of waiting out of order.
CREATE OR REPLACE FUNCTION ledger_post_general(p_requests ledger_request[], p_posted_at timestamptz, p_wait boolean) RETURNS ledger_answers
LANGUAGE plpgsql AS $$
DECLARE
  r ledger_request;
  a accounts;    -- the account being posted to, under its lock
  b accounts;    -- the same before the request
  h holds;
  own holds;     -- what a use had reserved for itself before it became part of h
  f record;      -- the first outcome of a repeated key
  x ledger_answers;
  crossed accounts[] := '{}';
  taken accounts[] := '{}'; -- below by what was taken back
  v_known boolean;
  v_outcome text;
BEGIN
  PERFORM ledger_check_requests(p_requests);
  FOR r IN SELECT * FROM unnest(p_requests) AS q ORDER BY q.tenant_id, q.unit, q.ord LOOP
    IF v_known IS NULL OR a.tenant_id <> r.tenant_id OR a.unit <> r.unit THEN
      PERFORM ledger_save_account(a) WHERE v_known;
      IF p_wait THEN
        SELECT * INTO a FROM accounts WHERE tenant_id = r.tenant_id AND unit = r.unit FOR NO KEY UPDATE;
      ELSE
        SELECT * INTO a FROM accounts WHERE tenant_id = r.tenant_id AND unit = r.unit FOR NO KEY UPDATE NOWAIT;
      END IF;
      v_known := FOUND;
      a.tenant_id := r.tenant_id;
      a.unit := r.unit;
    END IF;

    SELECT * INTO h FROM holds WHERE id = r.hold_id AND tenant_id = r.tenant_id AND unit = r.unit;
    SELECT * INTO own FROM holds WHERE id = r.from_hold_id AND tenant_id = r.tenant_id AND unit = r.unit;
    IF r.operation = 'settle' THEN
      r.amount_e4 := coalesce(h.amount_e4, 0);
    END IF;
    f := ledger_first_outcome(a, r);
    v_outcome := CASE WHEN NOT v_known THEN 'unknown_account' WHEN f.is_repeat THEN 'duplicate'
                      ELSE ledger_verdict(a, r, h, own, p_posted_at) END;
    b := a;
    IF v_outcome = 'posted' THEN
      a := ledger_apply(a, r, h, own, p_posted_at);
      IF a.crossings > b.crossings THEN
        crossed := crossed || a;
      ELSIF r.operation = 'claw_back' AND a.balance_e4 - a.held_e4 < a.recharge_below_e4 THEN
        taken := taken || a;
      END IF;
    END IF;

    x.ords := x.ords || r.ord;
    x.outcomes := x.outcomes || v_outcome;
    x.differ := x.differ || coalesce(f.differs, false);
    x.balances_e4 := x.balances_e4 || coalesce(f.balance_e4, a.balance_e4, 0);
    x.availables_e4 := x.availables_e4 || coalesce(f.available_e4, a.balance_e4 - a.held_e4, 0);
    x.debts_e4 := x.debts_e4 || coalesce(a.debt_e4, 0);
    x.seqs := x.seqs || coalesce(f.seq, CASE
      WHEN a.last_seq > b.last_seq AND r.operation NOT IN ('release', 'expire', 'reserve_fully') THEN b.last_seq + 1 END, 0);
    x.hold_ids := x.hold_ids || CASE v_outcome WHEN 'duplicate' THEN f.hold_id WHEN 'posted' THEN r.hold_id END;
    x.posted_e4 := x.posted_e4 || CASE
      WHEN v_outcome = 'duplicate' THEN f.posted_e4
      WHEN v_outcome <> 'posted' THEN 0
      WHEN r.operation IN ('capture', 'claw_back')
        THEN least(r.amount_e4, b.balance_e4 - b.held_e4 + CASE h.state WHEN 'open' THEN h.amount_e4 ELSE 0 END)
      WHEN r.operation = 'reserve_fully'
        THEN least(r.amount_e4, b.balance_e4 - b.held_e4 + CASE own.state WHEN 'open' THEN own.amount_e4 ELSE 0 END)
      WHEN r.operation IN ('release', 'expire') THEN h.amount_e4
      ELSE r.amount_e4 END;
  END LOOP;
  PERFORM ledger_save_account(a) WHERE v_known;

  -- After every account is locked and in the same order: two calls can never wait for each other.
  FOREACH a IN ARRAY crossed LOOP
    PERFORM ledger_request_recharge(a.tenant_id, a.unit, a.last_seq, 1, p_posted_at);
  END LOOP;
  FOREACH a IN ARRAY taken LOOP
    PERFORM ledger_note_below(a.tenant_id, a.unit, a.last_seq, p_posted_at);
  END LOOP;
  RETURN x;
END
$$;
