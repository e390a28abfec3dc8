-- Written by the operator's side in the transaction that debits, never changed; a tenant reads its own.
REVOKE INSERT, UPDATE, DELETE ON monthly_billings, plan_changes FROM portal_app;
REVOKE UPDATE, DELETE ON monthly_billings, plan_changes FROM portal_ops;

-- Settled months and those that are still reserved, one row per tenant and month.
DROP VIEW IF EXISTS reporting.monthly_billings;
CREATE VIEW reporting.monthly_billings WITH (security_invoker = true) AS
SELECT b.tenant_id, b.month AS billing_month, (b.amount_e4 / 10000.0)::numeric(19, 4) AS total_amount, 'usd' AS currency,
  'settled' AS status, b.events AS usage_count, b.late_events AS late_count, b.reason, 'usd-' || b.entry_seq AS transaction_id,
  b.settled_at, b.settled_at AS created_at
FROM monthly_billings AS b
UNION ALL
SELECT h.tenant_id, to_date(h.cause_id, 'YYYY-MM'), (h.amount_e4 / 10000.0)::numeric(19, 4), 'usd', 'reserved',
  (SELECT count(*)::int FROM hold_extensions AS x WHERE x.tenant_id = h.tenant_id AND x.hold_id = h.id), NULL, NULL, NULL,
  NULL, h.posted_at
FROM holds AS h WHERE h.state = 'open' AND h.cause_type = 'reservation';
GRANT SELECT ON reporting.monthly_billings TO portal_app, portal_ops;
