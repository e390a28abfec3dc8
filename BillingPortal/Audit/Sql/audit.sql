-- The log is written and read, never changed: by nobody, the operator's side included. A tenant reads its own lines; lines
-- without a tenant are the operator's alone (row-level security: no tenant equals null).
REVOKE UPDATE, DELETE, TRUNCATE ON audit_log FROM portal_app, portal_ops;
