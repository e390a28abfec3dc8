-- Read-only views for people and for the queries of the systems this one replaces. security_invoker: row-level security of the
-- reader applies, so a tenant sees its own rows.
DROP VIEW IF EXISTS reporting.credit_transactions;
CREATE VIEW reporting.credit_transactions WITH (security_invoker = true) AS
SELECT e.tenant_id, e.seq, 'credits-' || e.seq AS id, (e.amount_e4 / 10000.0)::numeric(19, 4) AS amount,
  (e.balance_after_e4 / 10000.0)::numeric(19, 4) AS balance_after, e.kind AS type,
  coalesce(e.note, initcap(replace(coalesce(e.service, e.kind), '_', ' '))) AS description,
  e.service, e.reference AS reference_id, e.cause_type, e.cause_id, e.occurred_at, e.posted_at AS created_at
FROM entries AS e WHERE e.unit = 'credits';

DROP VIEW IF EXISTS reporting.wallet_transactions;
CREATE VIEW reporting.wallet_transactions WITH (security_invoker = true) AS
SELECT e.tenant_id, e.seq, 'usd-' || e.seq AS id, (e.amount_e4 / 10000.0)::numeric(19, 4) AS amount,
  (e.balance_after_e4 / 10000.0)::numeric(19, 4) AS balance_after, e.kind AS type,
  coalesce(e.note, initcap(replace(coalesce(e.service, e.kind), '_', ' '))) AS description,
  e.service, e.reference AS reference_id, e.cause_type, e.cause_id, e.occurred_at, e.posted_at AS created_at
FROM entries AS e WHERE e.unit = 'usd';

DROP VIEW IF EXISTS reporting.wallets;
CREATE VIEW reporting.wallets WITH (security_invoker = true) AS
SELECT a.tenant_id, a.unit, (a.balance_e4 / 10000.0)::numeric(19, 4) AS balance, (a.held_e4 / 10000.0)::numeric(19, 4) AS held,
  ((a.balance_e4 - a.held_e4) / 10000.0)::numeric(19, 4) AS available, (a.debt_e4 / 10000.0)::numeric(19, 4) AS debt,
  (a.recharge_below_e4 / 10000.0)::numeric(19, 4) AS recharge_below
FROM accounts AS a;

-- Both sides of every booking, per unit: the two columns sum up to zero.
DROP VIEW IF EXISTS reporting.trial_balance;
CREATE VIEW reporting.trial_balance WITH (security_invoker = true) AS
SELECT e.unit, e.counter_account, count(*) AS entries, (sum(e.amount_e4) / 10000.0)::numeric(19, 4) AS tenants,
  (-sum(e.amount_e4) / 10000.0)::numeric(19, 4) AS counter
FROM entries AS e GROUP BY e.unit, e.counter_account;

GRANT SELECT ON reporting.credit_transactions, reporting.wallet_transactions, reporting.wallets TO portal_app, portal_ops;
GRANT SELECT ON reporting.trial_balance TO portal_ops;
