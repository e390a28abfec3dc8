-- Who may sign people in is written by the operator's connection alone; a tenant's own reads its connection and its domains. Whose
-- subject is whom, and the used states, are read by nobody else.
REVOKE INSERT, UPDATE, DELETE ON sso_connections, sso_domains FROM portal_app;
REVOKE ALL ON sso_identities, sso_used_states FROM portal_app;
