-- For the staff's log of mails: each filter newest first, whatever the log's size.
CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_emails_time ON emails (created_at, id);
CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_emails_state ON emails (state, created_at, id);
CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_emails_kind ON emails (kind, created_at, id);
CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_emails_address ON emails (lower(to_address), created_at, id);
