-- Calls are written by the operator's side alone; a tenant reads its own.
REVOKE INSERT, UPDATE, DELETE ON voice_calls FROM portal_app;

-- How far a call is, so that late and doubled words never move it back. A completed call took place, whatever else was said of it.
CREATE OR REPLACE FUNCTION voice_call_rank(p_status text) RETURNS int
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE p_status WHEN 'queued' THEN 0 WHEN 'ringing' THEN 1 WHEN 'in_progress' THEN 2 WHEN 'completed' THEN 4 ELSE 3 END
$$;
REVOKE ALL ON FUNCTION voice_call_rank FROM PUBLIC;
GRANT EXECUTE ON FUNCTION voice_call_rank TO portal_ops;
