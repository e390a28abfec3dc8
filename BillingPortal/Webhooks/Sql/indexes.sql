-- For the staff's monitor: each filter newest first, whatever the inbox's size. Types are listed along the second.
CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_webhook_events_state ON webhook_events (state, received_at, id);
CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_webhook_events_type ON webhook_events (type, received_at, id);
CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_webhook_events_provider ON webhook_events (provider, received_at, id);
