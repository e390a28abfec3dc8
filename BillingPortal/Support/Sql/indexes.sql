-- For the search over all tenants. Expressions and operator classes of the search alone, so they stand here and not in the rooms' maps.
CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_tenants_name ON tenants (lower(name), id);
DROP INDEX CONCURRENTLY IF EXISTS ix_tenants_words;
CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_tenants_search ON tenants
  USING gin (to_tsvector('simple', translate(name || ' ' || slug, '.-_@/', '     ')));
CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_tenants_billing_email ON tenants (upper(billing_email)) WHERE billing_email IS NOT NULL;
CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_users_email_prefix ON users (normalized_email text_pattern_ops);
CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_phone_numbers_any ON phone_numbers (number);
CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_purchases_charge ON purchases (charge_id) WHERE charge_id IS NOT NULL;
CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_purchases_card ON purchases (payment_method_id) WHERE payment_method_id IS NOT NULL;
CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_purchases_receipt ON purchases (upper(right(id::text, 8)));

-- For the timeline: what a tenant's page reads newest first, whatever its age.
CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_recharge_evaluations_time ON recharge_evaluations (tenant_id, evaluated_at, id);

-- For the worklist: each index holds nothing but what waits, however many rows the table has.
CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_recharge_rules_paused ON recharge_rules (paused_at) WHERE enabled AND paused_reason IS NOT NULL;
CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_recharge_rules_failing ON recharge_rules (failing_since)
  WHERE enabled AND paused_reason IS NULL AND failing_since IS NOT NULL;
CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_recharge_attempts_waiting ON recharge_attempts (started_at) WHERE state = 'requires_action';
CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_phone_numbers_suspended ON phone_numbers (suspended_at) WHERE state = 'suspended';
CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_purchases_unknown ON purchases (asked_at)
  WHERE asked_at IS NOT NULL AND state IN ('started', 'requires_action', 'processing');
CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_purchases_processing ON purchases (created_at) WHERE state = 'processing';
CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_purchases_review ON purchases (updated_at) WHERE review_reason IS NOT NULL;
CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_flagged_addresses_open ON flagged_addresses (flagged_at) WHERE cleared_at IS NULL;
CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_webhook_events_dead_since ON webhook_events (ended_at) WHERE state = 'dead';

-- For the figures of payments and recharges: a period of 90 days at most is read along these alone.
CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_purchases_revenue ON purchases (settled_at) INCLUDE (price_cents) WHERE settled_at IS NOT NULL;
CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_purchases_begun ON purchases (created_at) INCLUDE (kind, state, price_cents, refunded_cents);
DROP INDEX CONCURRENTLY IF EXISTS ix_recharge_attempts_figures;
CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_recharge_attempts_counted ON recharge_attempts (started_at)
  INCLUDE (state, trigger, decline_code, price_cents, reached_card, card_index, ended_at);
