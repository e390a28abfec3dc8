-- Invoices and terms are written by the operator's side; a tenant reads its own. What was issued is never taken away by anybody's session.
REVOKE INSERT, UPDATE, DELETE ON invoices, invoice_terms, invoice_reminders FROM portal_app;
REVOKE DELETE ON invoices, invoice_terms, invoice_reminders FROM portal_ops;
