-- What stands in bench.months: tenants of the wallet plan with {uses} uses reserved with a month. Steps are split at "-- step:".

-- step: accounts
INSERT INTO accounts (tenant_id, unit, balance_e4, held_e4, debt_e4, last_seq, last_debt_seq, crossings, has_side_keys)
SELECT DISTINCT tenant_id, 'usd', 100000000, 0, 0, 1, 0, 0, true FROM bench.months ON CONFLICT DO NOTHING;
INSERT INTO entries (tenant_id, unit, seq, amount_e4, balance_after_e4, occurred_at, posted_at, idempotency_key, kind, counter_account, cause_type)
SELECT DISTINCT tenant_id, 'usd', 1, 100000000, 100000000, now(), now(), tenant_id, 'purchase', 'card_clearing', 'benchmark'
FROM bench.months ON CONFLICT DO NOTHING;

-- step: reservations
INSERT INTO holds (id, tenant_id, unit, amount_e4, extended_e4, available_after_e4, state, idempotency_key, cause_type, cause_id,
                   occurred_at, posted_at)
SELECT hold_id, tenant_id, 'usd', {uses} * 150, {uses} * 150, 0, 'open', hold_id, 'reservation', month, to_date(month, 'YYYY-MM'), now()
FROM bench.months;
INSERT INTO hold_extensions (idempotency_key, tenant_id, hold_id, unit, amount_e4, service, reference, cause_type, cause_id, occurred_at, posted_at)
SELECT md5(hold_id::text || i)::uuid, tenant_id, hold_id, 'usd', 150, 'sms_outbound', 'use-' || i, 'usage', 'use-' || i,
       to_date(month, 'YYYY-MM') + i * interval '1 day', now()
FROM bench.months, generate_series(1, {uses}) AS i;
UPDATE accounts AS a SET held_e4 = held_e4 + {uses} * 150 FROM bench.months AS m WHERE m.tenant_id = a.tenant_id AND a.unit = 'usd';
