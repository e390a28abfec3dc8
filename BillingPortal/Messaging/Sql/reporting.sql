-- Read-only view of the systems this one replaces. security_invoker: a tenant's session sees its own rows only.
DROP VIEW IF EXISTS reporting.sms_logs;
CREATE VIEW reporting.sms_logs WITH (security_invoker = true) AS
SELECT m.id, m.tenant_id, m.direction,
       CASE m.direction WHEN 'outbound' THEN m.number ELSE m.peer END AS from_number,
       CASE m.direction WHEN 'outbound' THEN m.peer ELSE m.number END AS to_number,
       m.country, m.body AS message, m.segments, m.state AS status, m.error_code, m.provider_sid AS message_sid,
       m.payment AS payment_status, m.unit,
       (m.price_e4 / 10000.0)::numeric(19, 4) AS price,
       (CASE WHEN m.payment = 'charged' THEN m.price_e4 ELSE 0 END / 10000.0)::numeric(19, 4) AS credits_deducted,
       m.unit || '-' || coalesce(m.entry_seq, b.entry_seq) AS entry_id, -- its own, or its month's settlement
       m.created_at, m.updated_at
FROM sms_messages AS m
LEFT JOIN monthly_billings AS b ON b.hold_id = m.reservation_id AND b.tenant_id = m.tenant_id;
GRANT SELECT ON reporting.sms_logs TO portal_app, portal_ops;
