-- Deny by default. Applied after every migration, to every table of the schema public, whatever room it belongs to:
--   a table with a tenant_id column gets row-level security: portal_app sees and writes the current tenant's rows only;
--   a table without one is closed to both roles until its room's own script opens it.
-- portal_ops (jobs, webhooks, staff) sees every tenant. Nobody but ledger_owner writes ledger tables: Ledger/Sql takes that right back.
DO $$
DECLARE
  t record;
  v_own constant text := '(tenant_id = (NULLIF(current_setting(''app.tenant_id''::text, true), ''''::text))::uuid)';
BEGIN
  FOR t IN
    SELECT c.relname AS name, c.oid AS id, c.relrowsecurity AND c.relforcerowsecurity AS secured,
           EXISTS (SELECT FROM pg_attribute a
                   WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped) AS per_tenant
    FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname <> '__EFMigrationsHistory'
      AND c.relname <> 'applied_scripts'
  LOOP
    EXECUTE format('REVOKE ALL ON %I FROM PUBLIC, portal_app', t.name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO portal_ops', t.name);
    IF t.per_tenant THEN
      EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO portal_app', t.name);
      -- Only what is missing or was changed: these wait for everybody who uses the table, and everybody after them waits for them.
      IF NOT t.secured THEN
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t.name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t.name);
      END IF;
      -- No tenant set means no rows, not an error.
      IF NOT EXISTS (SELECT FROM pg_policy AS p WHERE p.polrelid = t.id AND p.polname = 'tenant_isolation' AND p.polcmd = '*'
                     AND p.polpermissive AND p.polroles = ARRAY['portal_app'::regrole::oid]
                     AND pg_get_expr(p.polqual, t.id) = v_own AND pg_get_expr(p.polwithcheck, t.id) = v_own) THEN
        EXECUTE format('DROP POLICY IF EXISTS tenant_isolation ON %I', t.name);
        EXECUTE format(
          'CREATE POLICY tenant_isolation ON %I TO portal_app
             USING (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)
             WITH CHECK (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)', t.name);
      END IF;
      IF NOT EXISTS (SELECT FROM pg_policy AS p WHERE p.polrelid = t.id AND p.polname = 'operator_access' AND p.polcmd = '*'
                     AND p.polpermissive AND p.polroles = ARRAY['portal_ops'::regrole::oid]
                     AND pg_get_expr(p.polqual, t.id) = 'true' AND pg_get_expr(p.polwithcheck, t.id) = 'true') THEN
        EXECUTE format('DROP POLICY IF EXISTS operator_access ON %I', t.name);
        EXECUTE format('CREATE POLICY operator_access ON %I TO portal_ops USING (true) WITH CHECK (true)', t.name);
      END IF;
    END IF;
  END LOOP;
END
$$;

GRANT USAGE ON SCHEMA public TO portal_app, portal_ops, ledger_owner;
-- A sequence counts for all tenants: no tenant's session may read how far it is. Identity columns need no right on theirs.
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM PUBLIC, portal_app, portal_ops;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO portal_ops;
