-- A tenant's session may leave work behind; it neither reads nor changes what waits there.
REVOKE SELECT, UPDATE, DELETE ON outbox_messages FROM portal_app;
REVOKE ALL ON balance_watches FROM portal_app;
