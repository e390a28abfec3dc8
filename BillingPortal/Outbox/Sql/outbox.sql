-- A tenant's session may leave work behind; it neither reads nor changes what waits there.
REVOKE SELECT, UPDATE, DELETE ON outbox_messages FROM portal_app;
REVOKE ALL ON balance_watches FROM portal_app;

-- What waits for a person, newest first.
CREATE INDEX IF NOT EXISTS ix_outbox_messages_dead ON outbox_messages (dead_at, id) WHERE dead_at IS NOT NULL;
