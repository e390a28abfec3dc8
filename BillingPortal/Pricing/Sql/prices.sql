-- Everybody may read the price list and the packages; only the operator changes them. A tenant reads its own prices, no more.
GRANT SELECT ON prices, credit_packages TO portal_app;
REVOKE INSERT, UPDATE, DELETE ON tenant_prices FROM portal_app;
