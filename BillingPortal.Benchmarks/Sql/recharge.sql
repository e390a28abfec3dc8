-- More tenants with auto-recharge, numbers {from} to {to}. Every one crossed its threshold once, long ago; of a thousand, one is below it
-- now and waits, and one came back above it since the last sweep. Steps are split at "-- step:".

-- step: ids
CREATE SCHEMA IF NOT EXISTS bench;
CREATE TABLE IF NOT EXISTS bench.recharges (n bigint PRIMARY KEY, id uuid NOT NULL, is_below boolean NOT NULL, is_back boolean NOT NULL);
INSERT INTO bench.recharges
SELECT n, (lpad(to_hex(1767225600000 + n), 12, '0') || '7' || substr(h, 1, 3) || '8' || substr(h, 4, 15))::uuid, n % 1000 = 7, n % 1000 = 500
FROM generate_series({from}::bigint, {to}::bigint) AS n, md5('recharge' || n) AS h;
ANALYZE bench.recharges;

-- step: tenants
INSERT INTO tenants (id, slug, name, plan, time_zone, created_at, settlement_mode)
SELECT id, 'bench-' || n, 'Tenant ' || n, 'credits', 'Europe/Berlin', timestamptz '2026-01-01', 'immediate'
FROM bench.recharges WHERE n BETWEEN {from} AND {to};

-- step: accounts
INSERT INTO accounts (tenant_id, unit, balance_e4, held_e4, debt_e4, last_seq, last_debt_seq, recharge_below_e4, crossings, has_side_keys)
SELECT id, 'credits', CASE WHEN is_below THEN 900000 ELSE 1000000 + n % 1000 * 10000 END, 0, 0, 1, 0, 1000000,
       CASE WHEN is_below OR is_back THEN 2 ELSE 1 END, false
FROM bench.recharges WHERE n BETWEEN {from} AND {to};
INSERT INTO entries (tenant_id, unit, seq, amount_e4, balance_after_e4, occurred_at, posted_at, idempotency_key, kind, counter_account, cause_type)
SELECT a.tenant_id, 'credits', 1, a.balance_e4, a.balance_e4, now(), now(), a.tenant_id, 'purchase', 'card_clearing', 'benchmark'
FROM bench.recharges AS b JOIN accounts AS a ON a.tenant_id = b.id WHERE b.n BETWEEN {from} AND {to};

-- step: rules
INSERT INTO recharge_rules (tenant_id, unit, enabled, threshold_e4, size, amount_e4, card_ids, attempts_per_day, consecutive_failures,
                            limit_warned_percent, created_at, updated_at, grace_days, notice_hours, smart, pays_by_invoice)
SELECT id, 'credits', true, 1000000, 'amount', 2500000, '{}', 5, 0, 0, now(), now(), 0, 0, 'off', false
FROM bench.recharges WHERE n BETWEEN {from} AND {to};
INSERT INTO recharge_requests (tenant_id, unit, crossed_seq, requested_at, version, done_version, attempts, is_below)
SELECT id, 'credits', 1, now() - n % 86400 * interval '1 second', CASE WHEN is_below OR is_back THEN 2 ELSE 1 END,
       CASE WHEN is_back THEN 2 ELSE 1 END, 0, is_below OR is_back
FROM bench.recharges WHERE n BETWEEN {from} AND {to};
