-- A tenant may read its own row; only the operator creates and changes tenants. users and staff_members stay closed to portal_app.
GRANT SELECT ON tenants TO portal_app;
ALTER TABLE tenants ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenants FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS own_tenant ON tenants;
DROP POLICY IF EXISTS operator_access ON tenants;
CREATE POLICY own_tenant ON tenants FOR SELECT TO portal_app
  USING (id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY operator_access ON tenants TO portal_ops USING (true) WITH CHECK (true);

-- Membership and API keys decide who may act for the tenant: a tenant's own connection reads them, the operator's writes them.
REVOKE INSERT, UPDATE, DELETE ON members, api_keys FROM portal_app;

-- Readiness compares the applied migrations with this build's.
GRANT SELECT ON "__EFMigrationsHistory" TO portal_ops;
