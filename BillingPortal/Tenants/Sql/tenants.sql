-- A tenant may read its own row; only the operator creates and changes tenants. users and staff_members stay closed to portal_app.
GRANT SELECT ON tenants TO portal_app;
-- Only what is missing or was changed: these wait for everybody who uses the table, and everybody after them waits for them.
DO $$
BEGIN
  IF NOT (SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE oid = 'tenants'::regclass) THEN
    ALTER TABLE tenants ENABLE ROW LEVEL SECURITY;
    ALTER TABLE tenants FORCE ROW LEVEL SECURITY;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_policy AS p WHERE p.polrelid = 'tenants'::regclass AND p.polname = 'own_tenant' AND p.polcmd = 'r'
                 AND p.polpermissive AND p.polroles = ARRAY['portal_app'::regrole::oid] AND pg_get_expr(p.polqual, p.polrelid)
                   = '(id = (NULLIF(current_setting(''app.tenant_id''::text, true), ''''::text))::uuid)') THEN
    DROP POLICY IF EXISTS own_tenant ON tenants;
    CREATE POLICY own_tenant ON tenants FOR SELECT TO portal_app
      USING (id = nullif(current_setting('app.tenant_id', true), '')::uuid);
  END IF;
  IF NOT EXISTS (SELECT FROM pg_policy AS p WHERE p.polrelid = 'tenants'::regclass AND p.polname = 'operator_access'
                 AND p.polcmd = '*' AND p.polpermissive AND p.polroles = ARRAY['portal_ops'::regrole::oid]) THEN
    DROP POLICY IF EXISTS operator_access ON tenants;
    CREATE POLICY operator_access ON tenants TO portal_ops USING (true) WITH CHECK (true);
  END IF;
END
$$;

-- Membership and API keys decide who may act for the tenant: a tenant's own connection reads them, the operator's writes them.
REVOKE INSERT, UPDATE, DELETE ON members, api_keys FROM portal_app;

-- Readiness compares the applied migrations with this build's.
GRANT SELECT ON "__EFMigrationsHistory" TO portal_ops;
