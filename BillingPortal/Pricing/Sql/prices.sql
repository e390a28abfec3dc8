-- Everybody may read the price list and the packages; only the operator changes them. A tenant reads its own prices, no more.
GRANT SELECT ON prices, credit_packages TO portal_app;
REVOKE INSERT, UPDATE, DELETE ON tenant_prices FROM portal_app;

-- What was charged by a row stays explained by it: nobody edits a price. Only its end can be set, where it has one.
REVOKE UPDATE ON prices, tenant_prices, credit_packages FROM portal_ops;
GRANT UPDATE (valid_until) ON tenant_prices, credit_packages TO portal_ops;
