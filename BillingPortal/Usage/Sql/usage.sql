-- Details are written by the operator's side and never changed; a tenant reads its own.
REVOKE INSERT, UPDATE, DELETE ON usage_events FROM portal_app;

-- Keeps the details of posted events, one element per event, and tells what became of each: added, same, differs (a repeat with
-- other content; the first content stays). The books are already durable: this commit need not wait for the disk. What a crash of
-- the server takes away in that moment comes back when the source repeats the event.
CREATE OR REPLACE FUNCTION usage_record(
  p_tenant_ids uuid[], p_keys uuid[], p_services text[], p_quantities numeric[], p_references text[], p_occurred_at timestamptz[],
  p_times_given boolean[], p_rates text[], p_metadata text[])
RETURNS text[] LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  v_added uuid[];
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true);
  WITH added AS (
    INSERT INTO usage_events (tenant_id, idempotency_key, service, quantity, reference_id, occurred_at, rate, metadata)
    SELECT u.tenant_id, u.key, u.service, u.quantity, u.reference, u.occurred_at, u.rate, u.metadata::json
    FROM unnest(p_tenant_ids, p_keys, p_services, p_quantities, p_references, p_occurred_at, p_rates, p_metadata)
      AS u (tenant_id, key, service, quantity, reference, occurred_at, rate, metadata)
    ORDER BY u.key, u.tenant_id -- two calls with the same keys can never wait for each other
    ON CONFLICT DO NOTHING RETURNING idempotency_key)
  SELECT array_agg(idempotency_key) INTO v_added FROM added;

  IF cardinality(v_added) = cardinality(p_keys) THEN
    RETURN array_fill('added'::text, ARRAY[cardinality(p_keys)]);
  END IF;
  RETURN ARRAY(
    SELECT CASE
      WHEN u.key = ANY (v_added) THEN 'added'
      WHEN e.quantity = u.quantity AND e.metadata::text IS NOT DISTINCT FROM u.metadata
           AND (e.occurred_at = u.occurred_at OR NOT u.time_given) THEN 'same'
      ELSE 'differs' END
    FROM unnest(p_tenant_ids, p_keys, p_quantities, p_occurred_at, p_times_given, p_metadata)
      WITH ORDINALITY AS u (tenant_id, key, quantity, occurred_at, time_given, metadata, ord)
    JOIN usage_events e ON e.idempotency_key = u.key AND e.tenant_id = u.tenant_id
    ORDER BY u.ord);
END
$$;
REVOKE ALL ON FUNCTION usage_record FROM PUBLIC;
GRANT EXECUTE ON FUNCTION usage_record TO portal_ops;
