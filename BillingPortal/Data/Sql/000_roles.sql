-- Roles of the cluster, made once by an administrator (a superuser: only one may grant BYPASSRLS). Safe to repeat.
-- {app_password} and {ops_password} are filled in by the migrator.
DO $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('billing-portal-roles'));
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'portal_owner') THEN
    CREATE ROLE portal_owner NOLOGIN NOSUPERUSER NOBYPASSRLS;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'ledger_owner') THEN
    CREATE ROLE ledger_owner NOLOGIN NOSUPERUSER BYPASSRLS;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'portal_app') THEN
    CREATE ROLE portal_app LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD '{app_password}';
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'portal_ops') THEN
    CREATE ROLE portal_ops LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD '{ops_password}';
  END IF;
  -- Every statement here is short: compiling one costs more than running it, and the planner's guesses about a large tenant ask for it.
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'portal_ops' AND 'jit=off' = ANY (rolconfig)) THEN
    BEGIN
      ALTER ROLE portal_app SET jit = off;
      ALTER ROLE portal_ops SET jit = off;
    EXCEPTION WHEN insufficient_privilege THEN
      RAISE NOTICE 'This owner may not change roles: have an administrator run ALTER ROLE … SET jit = off for portal_app and portal_ops.';
    END;
  END IF;
  -- The owner of the schema hands the posting function over to ledger_owner.
  IF NOT pg_has_role('portal_owner', 'ledger_owner', 'MEMBER') THEN
    GRANT ledger_owner TO portal_owner;
  END IF;
  IF NOT pg_has_role(current_user, 'portal_owner', 'MEMBER') THEN
    EXECUTE format('GRANT portal_owner TO %I', current_user);
  END IF;
END
$$;
