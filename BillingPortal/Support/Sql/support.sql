-- Staff's own words stand in staff_actions: no tenant's session may see them. Rows are kept for good.
REVOKE ALL ON staff_actions FROM portal_app;
REVOKE DELETE, TRUNCATE ON staff_actions FROM portal_ops;

-- For the search over all tenants. Expressions and operator classes of the search alone, so they stand here and not in the rooms' maps.
CREATE INDEX IF NOT EXISTS ix_tenants_name ON tenants (lower(name), id);
DROP INDEX IF EXISTS ix_tenants_words;
CREATE INDEX IF NOT EXISTS ix_tenants_search ON tenants
  USING gin (to_tsvector('simple', translate(name || ' ' || slug, '.-_@/', '     ')));
CREATE INDEX IF NOT EXISTS ix_tenants_billing_email ON tenants (upper(billing_email)) WHERE billing_email IS NOT NULL;
CREATE INDEX IF NOT EXISTS ix_users_email_prefix ON users (normalized_email text_pattern_ops);
CREATE INDEX IF NOT EXISTS ix_phone_numbers_any ON phone_numbers (number);
CREATE INDEX IF NOT EXISTS ix_purchases_charge ON purchases (charge_id) WHERE charge_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS ix_purchases_card ON purchases (payment_method_id) WHERE payment_method_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS ix_purchases_receipt ON purchases (upper(right(id::text, 8)));

-- For the timeline: what a tenant's page reads newest first, whatever its age.
CREATE INDEX IF NOT EXISTS ix_recharge_evaluations_time ON recharge_evaluations (tenant_id, evaluated_at, id);
