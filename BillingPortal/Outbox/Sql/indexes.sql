-- What waits for a person, newest first.
CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_outbox_messages_dead ON outbox_messages (dead_at, id) WHERE dead_at IS NOT NULL;
