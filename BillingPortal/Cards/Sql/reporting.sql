-- Read-only views of the systems this one replaces. security_invoker: a tenant's session sees its own rows only.
DROP VIEW IF EXISTS reporting.stripe_customers;
CREATE VIEW reporting.stripe_customers WITH (security_invoker = true) AS
SELECT tenant_id, customer_id AS stripe_customer_id, name, email, created_at FROM stripe_customers WHERE customer_id IS NOT NULL;

DROP VIEW IF EXISTS reporting.payment_methods;
CREATE VIEW reporting.payment_methods WITH (security_invoker = true) AS
SELECT id, tenant_id, payment_method_id AS stripe_payment_method_id, brand, last4, exp_month, exp_year, state AS status, priority, is_default,
       last_decline_code, last_declined_at, created_at
FROM payment_methods WHERE removed_at IS NULL;
GRANT SELECT ON reporting.stripe_customers, reporting.payment_methods TO portal_app, portal_ops;
