-- Staff's own words stand in staff_actions: no tenant's session may see them. Rows are kept for good.
REVOKE ALL ON staff_actions FROM portal_app;
REVOKE DELETE, TRUNCATE ON staff_actions FROM portal_ops;
