-- Read-only views of the systems this one replaces. security_invoker: a tenant's session sees its own rows only.
DROP VIEW IF EXISTS reporting.payment_history;
CREATE VIEW reporting.payment_history WITH (security_invoker = true) AS
SELECT id, tenant_id, kind, unit,
       (price_cents / 100.0)::numeric(19, 2) AS amount, currency,
       (credits_e4 / 10000.0)::numeric(19, 4) AS credits,
       (bonus_e4 / 10000.0)::numeric(19, 4) AS bonus_credits,
       package_code,
       CASE
         WHEN dispute IS NOT NULL THEN CASE dispute WHEN 'open' THEN 'disputed' ELSE 'dispute_' || dispute END
         WHEN refunded_cents = price_cents THEN 'refunded'
         WHEN refunded_cents > 0 THEN 'partly_refunded'
         WHEN state = 'settled' THEN 'succeeded'
         WHEN state IN ('started', 'processing') THEN 'pending'
         ELSE state
       END AS status,
       decline_code, (refunded_cents / 100.0)::numeric(19, 2) AS refunded_amount,
       payment_intent_id AS stripe_payment_intent_id, payment_method_id AS stripe_payment_method_id,
       card_brand, card_last4, review_reason, created_at, settled_at, updated_at
FROM purchases;
GRANT SELECT ON reporting.payment_history TO portal_app, portal_ops;
