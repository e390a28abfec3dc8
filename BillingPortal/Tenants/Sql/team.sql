-- Who may act for a tenant is written by the operator's side alone, and so is every offer to join. Links' fingerprints are its alone.
REVOKE INSERT, UPDATE, DELETE ON invitations FROM portal_app;
REVOKE ALL ON invitation_tokens FROM portal_app;

-- Holds at every commit: a tenant that has members keeps an owner. Two changes of one tenant's owners wait for each other here,
-- whoever makes them.
CREATE OR REPLACE FUNCTION keep_an_owner() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM 1 FROM tenants WHERE id = OLD.tenant_id FOR NO KEY UPDATE;
  IF EXISTS (SELECT FROM members WHERE tenant_id = OLD.tenant_id)
     AND NOT EXISTS (SELECT FROM members WHERE tenant_id = OLD.tenant_id AND role = 'owner') THEN
    RAISE EXCEPTION 'tenant % would have members and no owner', OLD.tenant_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_members_owner';
  END IF;
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION keep_an_owner FROM PUBLIC;
-- Made once: replacing it would wait for everybody who uses the table. One that works otherwise gets another name.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = 'members'::regclass AND tgname = 'keep_an_owner') THEN
    CREATE CONSTRAINT TRIGGER keep_an_owner AFTER UPDATE OF role OR DELETE ON members
      DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.role = 'owner') EXECUTE FUNCTION keep_an_owner();
  END IF;
END
$$;
