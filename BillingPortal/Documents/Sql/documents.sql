-- Documents are written by the operator's side; a tenant reads its own. What was issued is never taken away by anybody's session.
REVOKE INSERT, UPDATE, DELETE ON receipts, receipt_credits, statements, statement_runs FROM portal_app;
REVOKE DELETE ON receipts, receipt_credits, receipt_series, statements, statement_runs FROM portal_ops;

-- The number of an account's last entry that was posted before a moment; 0 when there is none. Entries have no index by time, and
-- need none: their numbers follow the time of posting but for the moments by which two writers' clocks differ, so the place is
-- found by halving, and the thousand entries after it are looked at one by one.
CREATE OR REPLACE FUNCTION statement_cut(p_tenant_id uuid, p_unit text, p_before timestamptz)
RETURNS bigint LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  v_low bigint := 0;
  v_high bigint;
  v_middle bigint;
  v_posted_at timestamptz;
BEGIN
  SELECT e.seq INTO v_high FROM entries e WHERE e.tenant_id = p_tenant_id AND e.unit = p_unit
  ORDER BY e.tenant_id DESC, e.unit DESC, e.seq DESC LIMIT 1;
  v_high := coalesce(v_high, 0);
  WHILE v_low < v_high LOOP
    v_middle := (v_low + v_high + 1) / 2;
    SELECT e.posted_at INTO v_posted_at FROM entries e
    WHERE e.tenant_id = p_tenant_id AND e.unit = p_unit AND e.seq = v_middle;
    IF v_posted_at < p_before THEN
      v_low := v_middle;
    ELSE
      v_high := v_middle - 1;
    END IF;
  END LOOP;
  RETURN coalesce(
    (SELECT max(e.seq) FROM entries e
     WHERE e.tenant_id = p_tenant_id AND e.unit = p_unit AND e.seq > v_low AND e.seq <= v_low + 1000
       AND e.posted_at < p_before),
    v_low);
END
$$;
REVOKE ALL ON FUNCTION statement_cut FROM PUBLIC;
GRANT EXECUTE ON FUNCTION statement_cut TO portal_app, portal_ops;
