-- Once per database, by its administrator.
GRANT ALL ON SCHEMA public TO portal_owner;
GRANT CREATE ON SCHEMA public TO ledger_owner;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
CREATE SCHEMA IF NOT EXISTS jobs AUTHORIZATION portal_owner;
CREATE SCHEMA IF NOT EXISTS reporting AUTHORIZATION portal_owner;
GRANT USAGE ON SCHEMA reporting TO portal_app, portal_ops;
GRANT USAGE, CREATE ON SCHEMA jobs TO portal_ops;
