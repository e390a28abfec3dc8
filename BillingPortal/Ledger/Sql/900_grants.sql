-- Who may do what. Data/Sql has granted the usual rights on every table; here the ledger takes them back.
REVOKE ALL ON accounts, entries, debt_entries, holds, hold_extensions, recharge_requests, ledger_proofs FROM portal_app, portal_ops;
GRANT SELECT ON accounts, entries, debt_entries, holds, hold_extensions, recharge_requests, ledger_proofs TO portal_app, portal_ops;
GRANT SELECT, INSERT, UPDATE ON accounts, holds, recharge_requests TO ledger_owner;
GRANT SELECT, INSERT ON entries, debt_entries, hold_extensions TO ledger_owner;

-- Jobs lease and complete recharge requests; the audit writes its proofs.
GRANT UPDATE (leased_until, attempts, done_version, is_below) ON recharge_requests TO portal_ops;
GRANT INSERT, UPDATE ON ledger_proofs TO portal_ops;
GRANT SELECT ON ledger_audit_runs TO portal_app;
REVOKE INSERT, UPDATE, DELETE ON ledger_violations FROM portal_app;

DO $$
DECLARE
  f regprocedure;
BEGIN
  FOR f IN SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.proname LIKE 'ledger\_%' LOOP
    EXECUTE format('ALTER ROUTINE %s OWNER TO ledger_owner', f);
    EXECUTE format('REVOKE ALL ON ROUTINE %s FROM PUBLIC, portal_app, portal_ops', f);
  END LOOP;
  FOR f IN SELECT p.oid::regprocedure FROM pg_proc p
           WHERE p.pronamespace = 'public'::regnamespace
             AND p.proname IN ('ledger_post', 'ledger_post_debit', 'ledger_set_recharge_below') LOOP
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO portal_app, portal_ops', f);
  END LOOP;
END
$$;
GRANT EXECUTE ON FUNCTION ledger_open_accounts(uuid) TO portal_ops;
GRANT EXECUTE ON FUNCTION ledger_share_keys(uuid) TO portal_ops;
