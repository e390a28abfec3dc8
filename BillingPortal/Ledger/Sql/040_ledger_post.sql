-- The only code that changes a balance. Holds at every commit: balance = sum of entries; 0 <= held <= balance; one entry per key;
-- entries of an account are numbered without a gap; nothing is available while there is a debt.
--
-- Arrays, one element per request; the optional ones may be shorter or empty. Requests of one account are judged in the order given.
-- Answers: posted, duplicate, insufficient, unknown_account, unknown_hold, hold_ended.
-- A key that races in from another session under another account raises unique_violation: nothing is applied, call again.
CREATE OR REPLACE FUNCTION ledger_post(
  p_posted_at timestamptz,
  p_tenant_ids uuid[], p_units text[], p_operations text[], p_amounts_e4 bigint[], p_kinds text[], p_counter_accounts text[],
  p_keys uuid[], p_cause_types text[], p_occurred_at timestamptz[],
  p_services text[] DEFAULT '{}', p_references text[] DEFAULT '{}', p_cause_ids text[] DEFAULT '{}', p_notes text[] DEFAULT '{}',
  p_hold_ids uuid[] DEFAULT '{}', p_expires_at timestamptz[] DEFAULT '{}', p_reverses_seqs bigint[] DEFAULT '{}')
RETURNS ledger_answers
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  v_requests ledger_request[];
  n int := cardinality(p_tenant_ids);
BEGIN
  PERFORM ledger_check_tenants(p_tenant_ids);
  SELECT array_agg(q::ledger_request) INTO v_requests FROM (
    SELECT q.ord::int, q.tenant_id, q.unit, q.operation, q.amount_e4, q.kind, q.counter_account, q.idempotency_key, q.cause_type,
           q.occurred_at, q.service, q.reference, q.cause_id, q.note, q.hold_id, q.expires_at, q.reverses_seq
    FROM unnest(p_tenant_ids, p_units, p_operations, p_amounts_e4, p_kinds, p_counter_accounts, p_keys, p_cause_types, p_occurred_at,
                p_services, p_references, p_cause_ids, p_notes, p_hold_ids, p_expires_at, p_reverses_seqs) WITH ORDINALITY
      AS q (tenant_id, unit, operation, amount_e4, kind, counter_account, idempotency_key, cause_type, occurred_at,
            service, reference, cause_id, note, hold_id, expires_at, reverses_seq, ord)) AS q;
  PERFORM ledger_check_requests(v_requests);
  RETURN ledger_post_general(v_requests, p_posted_at);
END
$$;
