-- What stands in bench.payers, as tenants of 150 credits whose rule buys 250 below 100. Steps are split at "-- step:".

-- step: tenants
INSERT INTO tenants (id, slug, name, plan, time_zone, billing_email, created_at, settlement_mode)
SELECT id, 'bench-' || n, 'Tenant ' || n, 'credits', 'Europe/Berlin', 'billing@bench-' || n || '.example', now(), 'immediate' FROM bench.payers;

-- step: accounts
INSERT INTO accounts (tenant_id, unit, balance_e4, held_e4, debt_e4, last_seq, last_debt_seq, recharge_below_e4, crossings, has_side_keys)
SELECT id, 'credits', 1500000, 0, 0, 1, 0, 1000000, 0, false FROM bench.payers;
INSERT INTO entries (tenant_id, unit, seq, amount_e4, balance_after_e4, occurred_at, posted_at, idempotency_key, kind, counter_account, cause_type)
SELECT id, 'credits', 1, 1500000, 1500000, now(), now(), id, 'purchase', 'card_clearing', 'benchmark' FROM bench.payers;

-- step: rules
INSERT INTO recharge_rules (tenant_id, unit, enabled, threshold_e4, size, amount_e4, card_ids, attempts_per_day, consecutive_failures,
                            limit_warned_percent, created_at, updated_at, grace_days, notice_hours, smart, pays_by_invoice)
SELECT id, 'credits', true, 1000000, 'amount', 2500000, '{}', 5, 0, 0, now(), now(), 0, 0, 'off', false FROM bench.payers;
INSERT INTO stripe_customers (tenant_id, customer_id, idempotency_key, name, email, created_at)
SELECT id, customer_id, id, 'Tenant ' || n, 'billing@bench-' || n || '.example', now() FROM bench.payers;
INSERT INTO payment_methods (id, tenant_id, payment_method_id, brand, last4, exp_month, exp_year, state, priority, is_default, issued_at, created_at)
SELECT id, id, card_id, 'visa', '4242', 12, 2034, 'active', 1, true, now(), now() FROM bench.payers;

-- step: statistics
VACUUM (ANALYZE)
