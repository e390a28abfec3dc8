-- A platform of {tenants} tenants and about {entries} entries with 90 days behind it: half of the entries are spread evenly, half fall to
-- the tenants by Zipf's law, so that the first tenant alone has some 4 % of that half. Steps are split at "-- step:".

-- step: ids
-- As Ids.New makes them: by time, then by what the number says; one number of one kind always gives the same id.
CREATE OR REPLACE FUNCTION bench_id(p_kind text, p_number bigint, p_at timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT (lpad(to_hex((extract(epoch FROM p_at) * 1000)::bigint), 12, '0') || '7' || substr(h, 1, 3) || '8' || substr(h, 4, 15))::uuid
  FROM md5(p_kind || p_number) AS h
$$;
-- Not in public: the migrator would take it for the portal's own.
CREATE SCHEMA IF NOT EXISTS bench;
DROP TABLE IF EXISTS bench.tenants;
CREATE TABLE bench.tenants AS
  SELECT n, bench_id('tenant', n, timestamptz '2025-01-01' + n * interval '1 minute') AS id,
         timestamptz '2025-01-01' + n * interval '1 minute' AS created_at,
         greatest(3, ({entries} / 2 / {tenants} + {entries} / 2 / n / (ln({tenants}) + 0.5772))::bigint) AS entries
  FROM generate_series(1, {tenants}) AS n;
CREATE UNIQUE INDEX ON bench.tenants (n);
ANALYZE bench.tenants;

-- step: tenants
INSERT INTO tenants (id, slug, name, plan, time_zone, billing_email, created_at, settlement_mode)
SELECT id, 'bench-' || n, (ARRAY['Acorn','Birch','Cedar','Delta','Ember','Fjord','Grove','Haven'])[1 + n % 8] || ' '
       || (ARRAY['Voice','Logistics','Dental','Realty','Motors','Clinics','Foods'])[1 + n / 8 % 7] || ' ' || n,
       'credits', 'Europe/Berlin', 'billing@bench-' || n || '.example', created_at, 'immediate'
FROM bench.tenants;
INSERT INTO users (id, email, normalized_email, name, password_hash, security_stamp, concurrency_stamp, is_two_factor_enabled,
                   recovery_code_hashes, access_failed_count, created_at)
SELECT bench_id('user', n, created_at), 'owner@bench-' || n || '.example', upper('owner@bench-' || n || '.example'), 'Owner ' || n,
       CASE WHEN n = 1 THEN '{hash}' END, md5('stamp' || n), md5('row' || n), false, '{}', 0, created_at FROM bench.tenants;
INSERT INTO members (tenant_id, user_id, role, created_at)
SELECT id, bench_id('user', n, created_at), 'owner', created_at FROM bench.tenants;
INSERT INTO users (id, email, normalized_email, name, password_hash, security_stamp, concurrency_stamp, is_two_factor_enabled,
                   recovery_code_hashes, access_failed_count, created_at)
VALUES (bench_id('lead', 1, now()), 'lead@bench.example', 'LEAD@BENCH.EXAMPLE', 'Bench Lead', '{hash}', md5('stamp'), md5('row'), false,
        '{}', 0, now());
INSERT INTO staff_members (user_id, role, created_at) SELECT id, 'lead', now() FROM users WHERE email = 'lead@bench.example';

-- step: entries
INSERT INTO accounts (tenant_id, unit, balance_e4, held_e4, debt_e4, last_seq, last_debt_seq, recharge_below_e4, crossings, has_side_keys)
SELECT id, 'credits', 10000000 + 50000, 0, 0, entries, 0, 1000000, 0, false FROM bench.tenants;
INSERT INTO entries (tenant_id, unit, seq, amount_e4, balance_after_e4, occurred_at, posted_at, idempotency_key, kind, counter_account,
                     service, reference, cause_type, cause_id)
SELECT t.id, 'credits', s, CASE WHEN s = 1 THEN 50000 * t.entries + 10000000 ELSE -50000 END, 50000 * (t.entries - s + 1) + 10000000, at, at,
       bench_id('entry' || t.n || '.', s, at), CASE WHEN s = 1 THEN 'purchase' ELSE 'usage' END,
       CASE WHEN s = 1 THEN 'card_clearing' ELSE 'sms_revenue' END, CASE WHEN s > 1 THEN 'sms_outbound' END,
       CASE WHEN s > 1 THEN 'bench-' || t.n || '-' || s END, CASE WHEN s = 1 THEN 'purchase' ELSE 'usage' END,
       CASE WHEN s = 1 THEN bench_id('purchase' || t.n || '.', 1, at)::text ELSE 'bench-' || t.n || '-' || s END
FROM bench.tenants AS t, generate_series(1, t.entries) AS s,
     LATERAL (SELECT now() - interval '90 days' + s * interval '90 days' / (t.entries + 1) AS at) AS times;

-- step: usage events
INSERT INTO usage_events (idempotency_key, tenant_id, service, quantity, reference_id, occurred_at, rate, metadata)
SELECT idempotency_key, tenant_id, service, 1, reference, occurred_at, '5 per message',
       json_build_object('campaign', 'c' || seq % 12) FROM entries WHERE kind = 'usage' AND reference LIKE 'bench-%';

-- step: payments
INSERT INTO stripe_customers (tenant_id, customer_id, idempotency_key, name, email, created_at)
SELECT id, 'cus_bench' || n, bench_id('customer', n, created_at), 'Tenant ' || n, 'billing@bench-' || n || '.example', created_at
FROM bench.tenants;
INSERT INTO payment_methods (id, tenant_id, payment_method_id, brand, last4, exp_month, exp_year, state, priority, is_default, issued_at, created_at)
SELECT bench_id('card', n, created_at), id, 'pm_bench' || n, 'visa', lpad((n % 10000)::text, 4, '0'), 1 + (n % 12)::int, 2030, 'active', 1,
       true, created_at, created_at FROM bench.tenants;
INSERT INTO recharge_rules (tenant_id, unit, enabled, threshold_e4, size, amount_e4, card_ids, attempts_per_day, consecutive_failures,
                            limit_warned_percent, created_at, updated_at, grace_days, notice_hours, smart, pays_by_invoice,
                            paused_reason, paused_at, failing_since)
SELECT id, 'credits', true, 1000000, 'amount', 1000000, '{}', 5, CASE WHEN n % 1000 = 7 THEN 3 ELSE 0 END, 0, created_at, created_at, 0, 0,
       'off', false, CASE WHEN n % 1000 = 7 THEN 'failures' END, CASE WHEN n % 1000 = 7 THEN now() - n % 90 * interval '1 hour' END,
       CASE WHEN n % 1000 = 7 THEN now() - n % 90 * interval '1 hour' END
FROM bench.tenants;
-- Five a tenant: one by hand, four recharges of which every eighth is declined.
INSERT INTO purchases (id, tenant_id, kind, unit, credits_e4, bonus_e4, price_cents, currency, state, attempt_key, payment_intent_id,
                       payment_method_id, card_brand, card_last4, save_card, enable_auto_recharge, confirmations, decline_code, charge_id,
                       refunded_cents, created_at, updated_at, settled_at, dispute_taken_e4, disputed_cents, refund_taken_e4, reversals)
SELECT bench_id('purchase' || t.n || '.', k, at), t.id, CASE WHEN k = 1 THEN 'on_session' ELSE 'auto_recharge' END, 'credits', 1000000, 0, 280, 'usd',
       CASE WHEN bad THEN 'failed' ELSE 'settled' END, CASE WHEN k = 1 THEN 'bench-' || t.n ELSE bench_id('attempt' || t.n || '.', k, at)::text END,
       'pi_bench' || t.n || '_' || k, 'pm_bench' || t.n, 'visa', lpad((t.n % 10000)::text, 4, '0'), false, false, 1,
       CASE WHEN bad THEN codes[1 + (t.n % 4)::int] END, 'ch_bench' || t.n || '_' || k, 0, at, at + interval '3 s',
       CASE WHEN NOT bad THEN at + interval '3 s' END, 0, 0, 0, 0
FROM bench.tenants AS t, generate_series(1, 5) AS k,
     LATERAL (SELECT now() - interval '90 days' + (t.n % 17 + k * 17) * interval '1 day' + t.n % 1440 * interval '1 minute' AS at,
                     k > 1 AND (t.n + k) % 8 = 0 AS bad,
                     ARRAY['insufficient_funds','generic_decline','expired_card','authentication_required'] AS codes) AS facts
WHERE at < now();
INSERT INTO recharge_attempts (id, tenant_id, trigger, state, unit, amount_e4, bonus_e4, price_cents, description, customer_id, cards, card_index,
                               reached_card, payment_intent_id, decline_code, started_at, ended_at, leased_until, is_cancel_due)
SELECT p.attempt_key::uuid, p.tenant_id, (ARRAY['crossing','crossing','sweep','manual'])[1 + (t.n % 4)::int],
       CASE WHEN p.state = 'settled' THEN 'succeeded' ELSE 'declined' END, 'credits', 1000000, 0, 280, '100 credits', 'cus_bench' || t.n,
       ARRAY[p.payment_method_id], 0, true, p.payment_intent_id, p.decline_code, p.created_at, p.updated_at, p.created_at, false
FROM purchases AS p JOIN bench.tenants AS t ON t.id = p.tenant_id WHERE p.kind = 'auto_recharge' AND p.payment_intent_id LIKE 'pi_bench%';
INSERT INTO recharge_evaluations (id, tenant_id, trigger, reason, unit, available_e4, debt_e4, threshold_e4, price_cents, amount_e4, cards,
                                  spent_cents, attempt_id, evaluated_at, last_at, times)
SELECT bench_id('evaluation', ('x' || substr(a.id::text, 25, 12))::bit(48)::bigint, a.started_at), a.tenant_id, a.trigger, 'charge', 'credits', 990000, 0, 1000000,
       280, 1000000, 1, 0, a.id, a.started_at, a.started_at, 1
FROM recharge_attempts AS a WHERE a.description = '100 credits';

-- step: messages, mails, webhooks
INSERT INTO sms_messages (id, tenant_id, direction, number, peer, country, body, segments, state, payment, unit, price_e4, entry_seq,
                          provider_sid, created_at, updated_at, looks)
SELECT bench_id('sms' || t.n || '.', s, at), t.id, 'outbound', '+1555' || lpad(t.n::text, 7, '0'), '+1666' || lpad((t.n * 7 + s)::text, 7, '0'), 'US',
       'Your order is on its way.', 1, 'delivered', 'charged', 'credits', 50000, s + 1, 'SM' || md5('sms' || t.n || '.' || s), at, at, 0
FROM bench.tenants AS t, generate_series(1, least(t.entries - 1, greatest(5, t.entries / 10))) AS s,
     LATERAL (SELECT now() - interval '90 days' + s * interval '90 days' / (t.entries + 1) AS at) AS times;
INSERT INTO phone_numbers (id, tenant_id, number, country, provider_sid, state, unit, anchor_day, next_billing_date, suspended_at, next_retry_at,
                           created_at, acquired_at, set_up_e4)
SELECT bench_id('number', n, created_at), id, '+1555' || lpad(n::text, 7, '0'), 'US', 'PN' || md5('number' || n),
       CASE WHEN n % 500 = 3 THEN 'suspended' ELSE 'active' END, 'credits', 15, now() + interval '10 days',
       CASE WHEN n % 500 = 3 THEN now() - interval '3 days' END, CASE WHEN n % 500 = 3 THEN now() + interval '4 days' END, created_at, created_at,
       5000000 FROM bench.tenants WHERE n % 2 = 1;
INSERT INTO emails (id, tenant_id, message_id, kind, to_address, subject, html, text, state, provider_id, created_at, sent_at)
SELECT bench_id('mail' || t.n || '.', k, at), t.id, bench_id('message' || t.n || '.', k, at), 'recharge-succeeded', 'billing@bench-' || t.n || '.example',
       'Recharged', '<p>' || repeat('Your account was recharged. ', 40) || '</p>', repeat('Your account was recharged. ', 40),
       CASE WHEN (t.n + k) % 400 = 0 THEN 'bounced' ELSE 'delivered' END, 're_bench' || t.n || '_' || k, at, at
FROM bench.tenants AS t, generate_series(1, 4) AS k, LATERAL (SELECT now() - (t.n % 80 + k) * interval '1 day' AS at) AS times;
INSERT INTO webhook_events (id, provider, event_id, type, object_id, source, occurred_at, received_at, body, state, attempts, next_attempt_at,
                            ended_at, last_error)
SELECT bench_id('event', ('x' || substr(md5(p.payment_intent_id), 1, 12))::bit(48)::bigint, p.updated_at), 'stripe', 'evt_' || p.payment_intent_id,
       CASE WHEN p.state = 'settled' THEN 'payment_intent.succeeded' ELSE 'payment_intent.payment_failed' END, p.payment_intent_id, 'webhook',
       p.updated_at, p.updated_at, '{"id":"evt_' || p.payment_intent_id || '","data":{"object":{"id":"' || p.payment_intent_id || '"}}}',
       CASE WHEN t.n % 1000 = 11 THEN 'dead' ELSE 'handled' END, 1, p.updated_at, p.updated_at + interval '80 ms',
       CASE WHEN t.n % 1000 = 11 THEN 'Stripe answered 500' END
FROM purchases AS p JOIN bench.tenants AS t ON t.id = p.tenant_id WHERE p.payment_intent_id LIKE 'pi_bench%';

-- step: desk
INSERT INTO alert_states (tenant_id, unit, level, band_from_e4, band_to_e4, rent_due_e4, judged_at, mails, mailed_seq, idle_reminded, rent_mark)
SELECT id, 'credits', 'good', 2000001, 9000000000000000, 0, now(), 0, 0, false, 0 FROM bench.tenants;
INSERT INTO audit_log (id, at, tenant_id, actor_kind, actor_id, actor_name, action, subject_type, subject_id, summary)
SELECT bench_id('audit' || t.n || '.', k, at), at, t.id, 'staff', bench_id('lead', 1, now()), 'Bench Lead', 'tenant.opened', 'tenant', t.id::text,
       'Opened the tenant''s page'
FROM bench.tenants AS t, generate_series(1, 2) AS k, LATERAL (SELECT now() - (t.n % 80 + k) * interval '1 day' AS at) AS times;
INSERT INTO job_runs (id, name, outcome, started_at, finished_at, counts)
SELECT bench_id('run' || name, k, at), name, 'succeeded', at, at + interval '1 s', '{"judged": 10}'
FROM unnest(ARRAY['auto-recharge-check','balance-alerts','hold-expiry','sms-sweep','number-sweep','staff-refunds','purchase-sweep']) AS name,
     generate_series(1, 2000) AS k, LATERAL (SELECT now() - k * interval '1 minute' AS at) AS times;

-- step: statistics
VACUUM (ANALYZE)
