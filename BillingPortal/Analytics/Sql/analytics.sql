-- What events came with is kept as it came, whatever escapes and numbers are in it: what PostgreSQL cannot read as text has no tags.
CREATE OR REPLACE FUNCTION usage_readable(p_metadata json)
RETURNS json LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN p_metadata::jsonb::json;
EXCEPTION WHEN others THEN
  RETURN '{}'::json;
END
$$;
REVOKE ALL ON FUNCTION usage_readable FROM PUBLIC;
GRANT EXECUTE ON FUNCTION usage_readable TO portal_app, portal_ops;
