-- Both accounts of a new tenant. Safe to repeat.
CREATE OR REPLACE FUNCTION ledger_open_accounts(p_tenant_id uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  INSERT INTO accounts (tenant_id, unit, balance_e4, held_e4, debt_e4, last_seq, last_debt_seq, crossings, has_side_keys)
  SELECT p_tenant_id, unit, 0, 0, 0, 0, 0, 0, false FROM (VALUES ('credits'), ('usd')) AS u (unit)
  ON CONFLICT DO NOTHING;
$$;

-- Copies the threshold of the tenant's rule next to the balance; null switches it off. Already below on save counts as a crossing.
-- False when there is no such account.
CREATE OR REPLACE FUNCTION ledger_set_recharge_below(p_tenant_id uuid, p_unit text, p_below_e4 bigint, p_at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  a accounts;
BEGIN
  PERFORM ledger_check_tenants(ARRAY[p_tenant_id]);
  UPDATE accounts SET recharge_below_e4 = p_below_e4, crossings = crossings + (balance_e4 - held_e4 < p_below_e4 IS TRUE)::int
  WHERE tenant_id = p_tenant_id AND unit = p_unit
  RETURNING * INTO a;
  IF a.balance_e4 - a.held_e4 < p_below_e4 THEN
    PERFORM ledger_request_recharge(p_tenant_id, p_unit, a.last_seq, 1, p_at);
  END IF;
  RETURN a.tenant_id IS NOT NULL;
END
$$;

-- From now on repeats are looked for in holds, extensions and debts of both accounts, whichever is asked.
CREATE OR REPLACE FUNCTION ledger_share_keys(p_tenant_id uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM FROM accounts WHERE tenant_id = p_tenant_id AND unit = 'credits' FOR NO KEY UPDATE;
  PERFORM FROM accounts WHERE tenant_id = p_tenant_id AND unit = 'usd' FOR NO KEY UPDATE;
  UPDATE accounts SET has_side_keys = true WHERE tenant_id = p_tenant_id;
END
$$;
