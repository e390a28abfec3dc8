-- Read-only view of the systems this one replaces. security_invoker: a tenant's session sees its own row only.
DROP VIEW IF EXISTS reporting.auto_recharge_settings;
CREATE VIEW reporting.auto_recharge_settings WITH (security_invoker = true) AS
SELECT r.tenant_id, r.enabled AND r.paused_reason IS NULL AS enabled, r.unit,
       (r.threshold_e4 / 10000.0)::numeric(19, 4) AS threshold,
       (r.amount_e4 / 10000.0)::numeric(19, 4) AS recharge_amount, r.size AS recharge_size,
       (SELECT p.payment_method_id FROM payment_methods p
        WHERE p.tenant_id = r.tenant_id AND p.removed_at IS NULL AND (p.id = r.card_ids[1] OR (cardinality(r.card_ids) = 0 AND p.is_default))
       ) AS stripe_payment_method_id,
       (r.monthly_limit_cents / 100.0)::numeric(19, 2) AS monthly_limit, r.attempts_per_day,
       r.paused_reason, r.consecutive_failures, r.backoff_until, r.last_triggered_at, r.created_at, r.updated_at,
       r.smart AS smart_mode, r.notice_hours, r.grace_days, r.failing_since
FROM recharge_rules r;
GRANT SELECT ON reporting.auto_recharge_settings TO portal_app, portal_ops;
