using System;
using System.Collections.Generic;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

#pragma warning disable CA1814 // Prefer jagged arrays over multidimensional

namespace BillingPortal.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "accounts",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    unit = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    balance_e4 = table.Column<long>(type: "bigint", nullable: false),
                    held_e4 = table.Column<long>(type: "bigint", nullable: false),
                    debt_e4 = table.Column<long>(type: "bigint", nullable: false),
                    last_seq = table.Column<long>(type: "bigint", nullable: false),
                    last_debt_seq = table.Column<long>(type: "bigint", nullable: false),
                    recharge_below_e4 = table.Column<long>(type: "bigint", nullable: true),
                    crossings = table.Column<long>(type: "bigint", nullable: false),
                    has_side_keys = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_accounts", x => new { x.tenant_id, x.unit });
                    table.CheckConstraint("ck_accounts_figures", "balance_e4 >= 0 AND held_e4 >= 0 AND held_e4 <= balance_e4 AND debt_e4 >= 0 AND (debt_e4 = 0 OR held_e4 = balance_e4)");
                    table.CheckConstraint("ck_accounts_unit", "unit IN ('credits', 'usd')");
                })
                .Annotation("Npgsql:StorageParameter:fillfactor", 60);

            migrationBuilder.CreateTable(
                name: "balance_watches",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    node = table.Column<Guid>(type: "uuid", nullable: false),
                    until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_balance_watches", x => new { x.tenant_id, x.node });
                });

            migrationBuilder.CreateTable(
                name: "credit_packages",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    code = table.Column<string>(type: "text", nullable: false),
                    credits = table.Column<long>(type: "bigint", nullable: false),
                    price_cents = table.Column<int>(type: "integer", nullable: false),
                    valid_from = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    valid_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_credit_packages", x => x.id);
                    table.CheckConstraint("ck_credit_packages_credits", "credits BETWEEN 1 AND 1000000");
                    table.CheckConstraint("ck_credit_packages_price", "price_cents BETWEEN 1 AND 1000000");
                    table.CheckConstraint("ck_credit_packages_span", "valid_until > valid_from");
                });

            migrationBuilder.CreateTable(
                name: "data_protection_keys",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    friendly_name = table.Column<string>(type: "text", nullable: false),
                    xml = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_data_protection_keys", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "debt_entries",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    unit = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    seq = table.Column<long>(type: "bigint", nullable: false),
                    amount_e4 = table.Column<long>(type: "bigint", nullable: false),
                    debt_after_e4 = table.Column<long>(type: "bigint", nullable: false),
                    occurred_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    posted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    idempotency_key = table.Column<Guid>(type: "uuid", nullable: false),
                    entry_seq = table.Column<long>(type: "bigint", nullable: true),
                    kind = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    counter_account = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    service = table.Column<string>(type: "text", nullable: true),
                    reference = table.Column<string>(type: "text", nullable: true),
                    cause_type = table.Column<string>(type: "text", nullable: false),
                    cause_id = table.Column<string>(type: "text", nullable: true),
                    hold_id = table.Column<Guid>(type: "uuid", nullable: true),
                    note = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_debt_entries", x => new { x.tenant_id, x.unit, x.seq });
                    table.CheckConstraint("ck_debt_entries_counter_account", "counter_account IN ('card_clearing', 'bonus', 'voice_revenue', 'sms_revenue', 'email_revenue', 'fax_revenue', 'file_transfer_revenue', 'rent_revenue', 'refund', 'expiry', 'adjustment', 'debt')");
                    table.CheckConstraint("ck_debt_entries_figures", "amount_e4 <> 0 AND debt_after_e4 >= 0 AND seq > 0");
                    table.CheckConstraint("ck_debt_entries_kind", "kind IN ('purchase', 'bonus', 'usage', 'hold_capture', 'rent', 'set_up', 'refund', 'dispute', 'debt_repayment', 'adjustment', 'expiry', 'correction', 'settlement')");
                    table.CheckConstraint("ck_debt_entries_unit", "unit IN ('credits', 'usd')");
                });

            migrationBuilder.CreateTable(
                name: "emails",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    message_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    to_address = table.Column<string>(type: "text", nullable: false),
                    subject = table.Column<string>(type: "text", nullable: false),
                    html = table.Column<string>(type: "text", nullable: false),
                    text = table.Column<string>(type: "text", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    provider_id = table.Column<string>(type: "text", nullable: true),
                    last_error = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    sent_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_emails", x => x.id);
                    table.CheckConstraint("ck_emails_sent", "(state = 'sent') = (sent_at IS NOT NULL)");
                    table.CheckConstraint("ck_emails_state", "state IN ('pending', 'sent', 'failed')");
                });

            migrationBuilder.CreateTable(
                name: "entries",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    unit = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    seq = table.Column<long>(type: "bigint", nullable: false),
                    amount_e4 = table.Column<long>(type: "bigint", nullable: false),
                    balance_after_e4 = table.Column<long>(type: "bigint", nullable: false),
                    occurred_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    posted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    idempotency_key = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    counter_account = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    service = table.Column<string>(type: "text", nullable: true),
                    reference = table.Column<string>(type: "text", nullable: true),
                    cause_type = table.Column<string>(type: "text", nullable: false),
                    cause_id = table.Column<string>(type: "text", nullable: true),
                    hold_id = table.Column<Guid>(type: "uuid", nullable: true),
                    reverses_seq = table.Column<long>(type: "bigint", nullable: true),
                    note = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_entries", x => new { x.tenant_id, x.unit, x.seq });
                    table.CheckConstraint("ck_entries_counter_account", "counter_account IN ('card_clearing', 'bonus', 'voice_revenue', 'sms_revenue', 'email_revenue', 'fax_revenue', 'file_transfer_revenue', 'rent_revenue', 'refund', 'expiry', 'adjustment', 'debt')");
                    table.CheckConstraint("ck_entries_figures", "amount_e4 <> 0 AND balance_after_e4 >= 0 AND seq > 0");
                    table.CheckConstraint("ck_entries_kind", "kind IN ('purchase', 'bonus', 'usage', 'hold_capture', 'rent', 'set_up', 'refund', 'dispute', 'debt_repayment', 'adjustment', 'expiry', 'correction', 'settlement')");
                    table.CheckConstraint("ck_entries_unit", "unit IN ('credits', 'usd')");
                });

            migrationBuilder.CreateTable(
                name: "entry_day_marks",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    unit = table.Column<string>(type: "text", nullable: false),
                    time_zone = table.Column<string>(type: "text", nullable: false),
                    through_seq = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_entry_day_marks", x => new { x.tenant_id, x.unit });
                    table.CheckConstraint("ck_entry_day_marks_unit", "unit IN ('credits', 'usd')");
                });

            migrationBuilder.CreateTable(
                name: "entry_days",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    unit = table.Column<string>(type: "text", nullable: false),
                    day = table.Column<DateOnly>(type: "date", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    service = table.Column<string>(type: "text", nullable: false),
                    in_e4 = table.Column<long>(type: "bigint", nullable: false),
                    out_e4 = table.Column<long>(type: "bigint", nullable: false),
                    entries = table.Column<long>(type: "bigint", nullable: false),
                    first_seq = table.Column<long>(type: "bigint", nullable: false),
                    last_seq = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_entry_days", x => new { x.tenant_id, x.unit, x.day, x.kind, x.service });
                    table.CheckConstraint("ck_entry_days_figures", "in_e4 >= 0 AND out_e4 >= 0 AND entries > 0 AND first_seq > 0 AND last_seq - first_seq + 1 >= entries");
                    table.CheckConstraint("ck_entry_days_kind", "kind IN ('purchase', 'bonus', 'usage', 'hold_capture', 'rent', 'set_up', 'refund', 'dispute', 'debt_repayment', 'adjustment', 'expiry', 'correction', 'settlement')");
                    table.CheckConstraint("ck_entry_days_unit", "unit IN ('credits', 'usd')");
                });

            migrationBuilder.CreateTable(
                name: "holds",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    unit = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    amount_e4 = table.Column<long>(type: "bigint", nullable: false),
                    available_after_e4 = table.Column<long>(type: "bigint", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    captured_e4 = table.Column<long>(type: "bigint", nullable: true),
                    idempotency_key = table.Column<Guid>(type: "uuid", nullable: false),
                    ended_by_key = table.Column<Guid>(type: "uuid", nullable: true),
                    service = table.Column<string>(type: "text", nullable: true),
                    reference = table.Column<string>(type: "text", nullable: true),
                    cause_type = table.Column<string>(type: "text", nullable: false),
                    cause_id = table.Column<string>(type: "text", nullable: true),
                    note = table.Column<string>(type: "text", nullable: true),
                    occurred_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    posted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_holds", x => x.id);
                    table.CheckConstraint("ck_holds_amount", "amount_e4 > 0");
                    table.CheckConstraint("ck_holds_end", "(state = 'open') = (ended_at IS NULL) AND (state = 'open') = (ended_by_key IS NULL) AND (state = 'captured') = (captured_e4 IS NOT NULL)");
                    table.CheckConstraint("ck_holds_state", "state IN ('open', 'captured', 'released', 'expired')");
                    table.CheckConstraint("ck_holds_unit", "unit IN ('credits', 'usd')");
                });

            migrationBuilder.CreateTable(
                name: "idempotency_keys",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    endpoint = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    key = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false),
                    fingerprint = table.Column<byte[]>(type: "bytea", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    locked_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    status = table.Column<int>(type: "integer", nullable: true),
                    content_type = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    body = table.Column<byte[]>(type: "bytea", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_idempotency_keys", x => new { x.tenant_id, x.endpoint, x.key });
                    table.CheckConstraint("ck_idempotency_keys_status", "status IS NULL OR status BETWEEN 200 AND 299");
                });

            migrationBuilder.CreateTable(
                name: "job_runs",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    outcome = table.Column<string>(type: "text", nullable: false),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    finished_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    counts = table.Column<string>(type: "json", nullable: false),
                    error = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_job_runs", x => x.id);
                    table.CheckConstraint("ck_job_runs_finished", "(outcome = 'running') = (finished_at IS NULL)");
                    table.CheckConstraint("ck_job_runs_outcome", "outcome IN ('running', 'succeeded', 'failed', 'interrupted', 'skipped')");
                });

            migrationBuilder.CreateTable(
                name: "ledger_audit_runs",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    is_full = table.Column<bool>(type: "boolean", nullable: false),
                    proven_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    accounts = table.Column<long>(type: "bigint", nullable: false),
                    entries = table.Column<long>(type: "bigint", nullable: false),
                    violations = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_ledger_audit_runs", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "ledger_proofs",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    unit = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    seq = table.Column<long>(type: "bigint", nullable: false),
                    balance_e4 = table.Column<long>(type: "bigint", nullable: false),
                    debt_seq = table.Column<long>(type: "bigint", nullable: false),
                    debt_e4 = table.Column<long>(type: "bigint", nullable: false),
                    proven_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_ledger_proofs", x => new { x.tenant_id, x.unit });
                    table.CheckConstraint("ck_ledger_proofs_unit", "unit IN ('credits', 'usd')");
                });

            migrationBuilder.CreateTable(
                name: "outbox_messages",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: true),
                    key = table.Column<string>(type: "text", nullable: true),
                    payload = table.Column<string>(type: "jsonb", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    due_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    lease_id = table.Column<Guid>(type: "uuid", nullable: true),
                    leased_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    delivered_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    dead_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    last_error = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_outbox_messages", x => x.id);
                    table.CheckConstraint("ck_outbox_messages_lease", "(lease_id IS NULL) = (leased_until IS NULL)");
                    table.CheckConstraint("ck_outbox_messages_one_end", "delivered_at IS NULL OR dead_at IS NULL");
                });

            migrationBuilder.CreateTable(
                name: "payment_methods",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    payment_method_id = table.Column<string>(type: "text", nullable: false),
                    brand = table.Column<string>(type: "text", nullable: false),
                    last4 = table.Column<string>(type: "text", nullable: false),
                    exp_month = table.Column<int>(type: "integer", nullable: false),
                    exp_year = table.Column<int>(type: "integer", nullable: false),
                    fingerprint = table.Column<string>(type: "text", nullable: true),
                    state = table.Column<string>(type: "text", nullable: false),
                    priority = table.Column<int>(type: "integer", nullable: false),
                    is_default = table.Column<bool>(type: "boolean", nullable: false),
                    last_decline_code = table.Column<string>(type: "text", nullable: true),
                    last_declined_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    issued_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    expiry_notice_days = table.Column<int>(type: "integer", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    removed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_payment_methods", x => x.id);
                    table.CheckConstraint("ck_payment_methods_default_kept", "NOT is_default OR removed_at IS NULL");
                    table.CheckConstraint("ck_payment_methods_expiry", "exp_month BETWEEN 1 AND 12 AND exp_year BETWEEN 2000 AND 2999");
                    table.CheckConstraint("ck_payment_methods_last4", "last4 ~ '^[0-9]{4}$'");
                    table.CheckConstraint("ck_payment_methods_state", "state IN ('active', 'expiring', 'expired', 'needs_attention')");
                });

            migrationBuilder.CreateTable(
                name: "prices",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    plan = table.Column<string>(type: "text", nullable: false),
                    service = table.Column<string>(type: "text", nullable: false),
                    is_offered = table.Column<bool>(type: "boolean", nullable: false),
                    base_e4 = table.Column<long>(type: "bigint", nullable: false),
                    rate_e4 = table.Column<long>(type: "bigint", nullable: false),
                    per_started = table.Column<bool>(type: "boolean", nullable: false),
                    valid_from = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    valid_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_prices", x => x.id);
                    table.CheckConstraint("ck_prices_amounts", "base_e4 BETWEEN 0 AND 10000000000 AND rate_e4 BETWEEN 0 AND 10000000000");
                    table.CheckConstraint("ck_prices_plan", "plan IN ('credits', 'usd')");
                    table.CheckConstraint("ck_prices_service", "service IN ('voice', 'sms_outbound', 'sms_inbound', 'email', 'fax', 'file_transfer', 'number_set_up', 'number_monthly')");
                    table.CheckConstraint("ck_prices_span", "valid_until > valid_from");
                });

            migrationBuilder.CreateTable(
                name: "purchases",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    unit = table.Column<string>(type: "text", nullable: false),
                    credits_e4 = table.Column<long>(type: "bigint", nullable: false),
                    bonus_e4 = table.Column<long>(type: "bigint", nullable: false),
                    price_cents = table.Column<int>(type: "integer", nullable: false),
                    currency = table.Column<string>(type: "text", nullable: false),
                    package_code = table.Column<string>(type: "text", nullable: true),
                    state = table.Column<string>(type: "text", nullable: false),
                    attempt_key = table.Column<string>(type: "text", nullable: false),
                    payment_intent_id = table.Column<string>(type: "text", nullable: true),
                    checkout_session_id = table.Column<string>(type: "text", nullable: true),
                    payment_method_id = table.Column<string>(type: "text", nullable: true),
                    card_brand = table.Column<string>(type: "text", nullable: true),
                    card_last4 = table.Column<string>(type: "text", nullable: true),
                    save_card = table.Column<bool>(type: "boolean", nullable: false),
                    enable_auto_recharge = table.Column<bool>(type: "boolean", nullable: false),
                    confirmations = table.Column<int>(type: "integer", nullable: false),
                    asked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    decline_code = table.Column<string>(type: "text", nullable: true),
                    charge_id = table.Column<string>(type: "text", nullable: true),
                    refunded_cents = table.Column<int>(type: "integer", nullable: false),
                    dispute = table.Column<string>(type: "text", nullable: true),
                    review_reason = table.Column<string>(type: "text", nullable: true),
                    started_by = table.Column<Guid>(type: "uuid", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    settled_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_purchases", x => x.id);
                    table.CheckConstraint("ck_purchases_afterwards", "settled_at IS NOT NULL OR (refunded_cents = 0 AND dispute IS NULL)");
                    table.CheckConstraint("ck_purchases_amounts", "credits_e4 > 0 AND bonus_e4 >= 0 AND price_cents > 0 AND refunded_cents BETWEEN 0 AND price_cents");
                    table.CheckConstraint("ck_purchases_attempt_key", "length(attempt_key) BETWEEN 1 AND 255");
                    table.CheckConstraint("ck_purchases_dispute", "dispute IN ('open', 'won', 'lost')");
                    table.CheckConstraint("ck_purchases_kind", "kind IN ('on_session', 'checkout', 'auto_recharge')");
                    table.CheckConstraint("ck_purchases_settled", "(state = 'settled') = (settled_at IS NOT NULL) AND (state <> 'settled' OR payment_intent_id IS NOT NULL)");
                    table.CheckConstraint("ck_purchases_state", "state IN ('started', 'requires_action', 'processing', 'settled', 'failed', 'canceled')");
                    table.CheckConstraint("ck_purchases_unit", "unit IN ('credits', 'usd')");
                });

            migrationBuilder.CreateTable(
                name: "recharge_attempts",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    trigger = table.Column<string>(type: "text", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    unit = table.Column<string>(type: "text", nullable: false),
                    amount_e4 = table.Column<long>(type: "bigint", nullable: false),
                    bonus_e4 = table.Column<long>(type: "bigint", nullable: false),
                    price_cents = table.Column<long>(type: "bigint", nullable: false),
                    description = table.Column<string>(type: "text", nullable: false),
                    customer_id = table.Column<string>(type: "text", nullable: false),
                    cards = table.Column<string[]>(type: "text[]", nullable: false),
                    card_index = table.Column<int>(type: "integer", nullable: false),
                    reached_card = table.Column<bool>(type: "boolean", nullable: false),
                    payment_intent_id = table.Column<string>(type: "text", nullable: true),
                    decline_code = table.Column<string>(type: "text", nullable: true),
                    declined_card = table.Column<string>(type: "text", nullable: true),
                    link_expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    asked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    leased_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    is_cancel_due = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_recharge_attempts", x => x.id);
                    table.CheckConstraint("ck_recharge_attempts_amounts", "amount_e4 > 0 AND bonus_e4 >= 0 AND price_cents > 0");
                    table.CheckConstraint("ck_recharge_attempts_asked", "reached_card OR state IN ('recorded', 'canceled')");
                    table.CheckConstraint("ck_recharge_attempts_cards", "card_index >= 0 AND card_index < cardinality(cards)");
                    table.CheckConstraint("ck_recharge_attempts_ended", "(ended_at IS NULL) = (state IN ('recorded', 'charging', 'unknown', 'requires_action'))");
                    table.CheckConstraint("ck_recharge_attempts_state", "state IN ('recorded', 'charging', 'succeeded', 'requires_action', 'declined', 'unknown', 'canceled')");
                    table.CheckConstraint("ck_recharge_attempts_trigger", "trigger IN ('crossing', 'sweep', 'manual')");
                    table.CheckConstraint("ck_recharge_attempts_unit", "unit IN ('credits', 'usd')");
                });

            migrationBuilder.CreateTable(
                name: "recharge_evaluations",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    trigger = table.Column<string>(type: "text", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    unit = table.Column<string>(type: "text", nullable: false),
                    available_e4 = table.Column<long>(type: "bigint", nullable: false),
                    debt_e4 = table.Column<long>(type: "bigint", nullable: false),
                    threshold_e4 = table.Column<long>(type: "bigint", nullable: true),
                    price_cents = table.Column<long>(type: "bigint", nullable: true),
                    amount_e4 = table.Column<long>(type: "bigint", nullable: true),
                    cards = table.Column<int>(type: "integer", nullable: false),
                    until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    left_cents = table.Column<long>(type: "bigint", nullable: true),
                    spent_cents = table.Column<long>(type: "bigint", nullable: false),
                    last_hour_e4 = table.Column<long>(type: "bigint", nullable: true),
                    median_hour_e4 = table.Column<long>(type: "bigint", nullable: true),
                    attempt_id = table.Column<Guid>(type: "uuid", nullable: true),
                    evaluated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    last_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    times = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_recharge_evaluations", x => x.id);
                    table.CheckConstraint("ck_recharge_evaluations_reason", "reason IN ('charge', 'disabled', 'not_below_threshold', 'no_card', 'in_flight', 'cooldown', 'backoff', 'daily_limit', 'spending_limit', 'awaiting_authentication', 'paused_after_failures', 'spike_brake', 'dispute_open', 'no_package')");
                    table.CheckConstraint("ck_recharge_evaluations_trigger", "trigger IN ('crossing', 'sweep', 'manual')");
                    table.CheckConstraint("ck_recharge_evaluations_unit", "unit IN ('credits', 'usd')");
                });

            migrationBuilder.CreateTable(
                name: "recharge_requests",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    unit = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    crossed_seq = table.Column<long>(type: "bigint", nullable: false),
                    requested_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    done_version = table.Column<long>(type: "bigint", nullable: false),
                    leased_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    attempts = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_recharge_requests", x => x.tenant_id);
                    table.CheckConstraint("ck_recharge_requests_unit", "unit IN ('credits', 'usd')");
                    table.CheckConstraint("ck_recharge_requests_versions", "done_version >= 0 AND done_version <= version");
                });

            migrationBuilder.CreateTable(
                name: "recharge_rules",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    unit = table.Column<string>(type: "text", nullable: false),
                    enabled = table.Column<bool>(type: "boolean", nullable: false),
                    threshold_e4 = table.Column<long>(type: "bigint", nullable: false),
                    size = table.Column<string>(type: "text", nullable: false),
                    amount_e4 = table.Column<long>(type: "bigint", nullable: true),
                    package_id = table.Column<Guid>(type: "uuid", nullable: true),
                    card_ids = table.Column<Guid[]>(type: "uuid[]", nullable: false),
                    monthly_limit_cents = table.Column<long>(type: "bigint", nullable: true),
                    attempts_per_day = table.Column<int>(type: "integer", nullable: false),
                    paused_reason = table.Column<string>(type: "text", nullable: true),
                    paused_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    consecutive_failures = table.Column<int>(type: "integer", nullable: false),
                    backoff_since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    backoff_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    spike_confirmed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    limit_warned_month = table.Column<DateOnly>(type: "date", nullable: true),
                    limit_warned_percent = table.Column<int>(type: "integer", nullable: false),
                    last_purchase_id = table.Column<Guid>(type: "uuid", nullable: true),
                    swept_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    last_triggered_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_by = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_recharge_rules", x => x.tenant_id);
                    table.CheckConstraint("ck_recharge_rules_amounts", "threshold_e4 >= 0 AND amount_e4 > 0 AND monthly_limit_cents > 0");
                    table.CheckConstraint("ck_recharge_rules_backoff", "(backoff_since IS NULL) = (backoff_until IS NULL)");
                    table.CheckConstraint("ck_recharge_rules_counts", "attempts_per_day BETWEEN 1 AND 1000 AND consecutive_failures >= 0");
                    table.CheckConstraint("ck_recharge_rules_pause", "(paused_reason IS NULL) = (paused_at IS NULL)");
                    table.CheckConstraint("ck_recharge_rules_paused_reason", "paused_reason IN ('failures', 'spike')");
                    table.CheckConstraint("ck_recharge_rules_size", "size IN ('amount', 'package', 'target')");
                    table.CheckConstraint("ck_recharge_rules_target", "size <> 'target' OR amount_e4 > threshold_e4");
                    table.CheckConstraint("ck_recharge_rules_unit", "unit IN ('credits', 'usd')");
                });

            migrationBuilder.CreateTable(
                name: "stripe_customers",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    customer_id = table.Column<string>(type: "text", nullable: true),
                    idempotency_key = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    email = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_stripe_customers", x => x.tenant_id);
                });

            migrationBuilder.CreateTable(
                name: "tenant_prices",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    plan = table.Column<string>(type: "text", nullable: false),
                    service = table.Column<string>(type: "text", nullable: false),
                    is_offered = table.Column<bool>(type: "boolean", nullable: false),
                    base_e4 = table.Column<long>(type: "bigint", nullable: false),
                    rate_e4 = table.Column<long>(type: "bigint", nullable: false),
                    per_started = table.Column<bool>(type: "boolean", nullable: false),
                    valid_from = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    valid_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_tenant_prices", x => x.id);
                    table.CheckConstraint("ck_tenant_prices_amounts", "base_e4 BETWEEN 0 AND 10000000000 AND rate_e4 BETWEEN 0 AND 10000000000");
                    table.CheckConstraint("ck_tenant_prices_plan", "plan IN ('credits', 'usd')");
                    table.CheckConstraint("ck_tenant_prices_service", "service IN ('voice', 'sms_outbound', 'sms_inbound', 'email', 'fax', 'file_transfer', 'number_set_up', 'number_monthly')");
                    table.CheckConstraint("ck_tenant_prices_span", "valid_until > valid_from");
                });

            migrationBuilder.CreateTable(
                name: "tenants",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    slug = table.Column<string>(type: "character varying(63)", maxLength: 63, nullable: false),
                    name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    plan = table.Column<string>(type: "character varying(10)", maxLength: 10, nullable: false),
                    time_zone = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    billing_email = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_tenants", x => x.id);
                    table.CheckConstraint("ck_tenants_plan", "plan IN ('credits', 'usd')");
                    table.CheckConstraint("ck_tenants_slug", "slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'");
                });

            migrationBuilder.CreateTable(
                name: "usage_events",
                columns: table => new
                {
                    idempotency_key = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    service = table.Column<string>(type: "text", nullable: false),
                    quantity = table.Column<decimal>(type: "numeric", nullable: false),
                    reference_id = table.Column<string>(type: "text", nullable: false),
                    occurred_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    rate = table.Column<string>(type: "text", nullable: false),
                    metadata = table.Column<string>(type: "json", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_usage_events", x => new { x.idempotency_key, x.tenant_id });
                    table.CheckConstraint("ck_usage_events_quantity", "quantity >= 0");
                });

            migrationBuilder.CreateTable(
                name: "users",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    email = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false),
                    normalized_email = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false),
                    name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    password_hash = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    security_stamp = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    concurrency_stamp = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    is_two_factor_enabled = table.Column<bool>(type: "boolean", nullable: false),
                    authenticator_key_protected = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    recovery_code_hashes = table.Column<List<string>>(type: "text[]", nullable: false),
                    access_failed_count = table.Column<int>(type: "integer", nullable: false),
                    lockout_end_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    last_tenant_id = table.Column<Guid>(type: "uuid", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_users", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "webhook_cursors",
                columns: table => new
                {
                    provider = table.Column<string>(type: "text", nullable: false),
                    seen_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_webhook_cursors", x => x.provider);
                });

            migrationBuilder.CreateTable(
                name: "webhook_events",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    provider = table.Column<string>(type: "text", nullable: false),
                    event_id = table.Column<string>(type: "text", nullable: false),
                    type = table.Column<string>(type: "text", nullable: false),
                    object_id = table.Column<string>(type: "text", nullable: true),
                    source = table.Column<string>(type: "text", nullable: false),
                    occurred_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    received_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    body = table.Column<string>(type: "text", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    next_attempt_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    lease_id = table.Column<Guid>(type: "uuid", nullable: true),
                    leased_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    last_error = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_webhook_events", x => x.id);
                    table.CheckConstraint("ck_webhook_events_ended", "(state = 'pending') = (ended_at IS NULL)");
                    table.CheckConstraint("ck_webhook_events_lease", "(lease_id IS NULL) = (leased_until IS NULL)");
                    table.CheckConstraint("ck_webhook_events_source", "source IN ('webhook', 'fetched')");
                    table.CheckConstraint("ck_webhook_events_state", "state IN ('pending', 'handled', 'ignored', 'kept', 'dead')");
                });

            migrationBuilder.CreateTable(
                name: "ledger_violations",
                columns: table => new
                {
                    audit_id = table.Column<long>(type: "bigint", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    unit = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    rule = table.Column<string>(type: "text", nullable: false),
                    detail = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_ledger_violations", x => new { x.audit_id, x.tenant_id, x.unit, x.rule });
                    table.CheckConstraint("ck_ledger_violations_unit", "unit IN ('credits', 'usd')");
                    table.ForeignKey(
                        name: "fk_ledger_violations_ledger_audit_runs_audit_id",
                        column: x => x.audit_id,
                        principalTable: "ledger_audit_runs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "api_keys",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    prefix = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    key_sha256 = table.Column<byte[]>(type: "bytea", nullable: false),
                    scopes = table.Column<int>(type: "integer", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    last_used_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    revoked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_api_keys", x => x.id);
                    table.CheckConstraint("ck_api_keys_scopes", "scopes BETWEEN 1 AND 7");
                    table.CheckConstraint("ck_api_keys_sha256", "octet_length(key_sha256) = 32");
                    table.ForeignKey(
                        name: "fk_api_keys_tenants_tenant_id",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "members",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    role = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_members", x => new { x.tenant_id, x.user_id });
                    table.CheckConstraint("ck_members_role", "role IN ('owner', 'billing_admin', 'viewer')");
                    table.ForeignKey(
                        name: "fk_members_tenants_tenant_id",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_members_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "staff_members",
                columns: table => new
                {
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    role = table.Column<string>(type: "character varying(10)", maxLength: 10, nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_staff_members", x => x.user_id);
                    table.CheckConstraint("ck_staff_members_role", "role IN ('agent', 'lead')");
                    table.ForeignKey(
                        name: "fk_staff_members_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.InsertData(
                table: "credit_packages",
                columns: new[] { "id", "code", "credits", "price_cents", "valid_from", "valid_until" },
                values: new object[,]
                {
                    { new Guid("15ec9031-64d5-8b64-9f8e-f35a304a264b"), "credits-2500", 2500L, 5000, new DateTimeOffset(new DateTime(2000, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), null },
                    { new Guid("1759442a-695d-8bc7-ac42-14fe187b59eb"), "credits-500", 500L, 1200, new DateTimeOffset(new DateTime(2000, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), null },
                    { new Guid("3ae88581-50f7-8f6a-a3dd-b8f54a486dc9"), "credits-50", 50L, 150, new DateTimeOffset(new DateTime(2000, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), null },
                    { new Guid("76db0f18-8f4c-8e98-b4a6-f967fe2cd63a"), "credits-1000", 1000L, 2200, new DateTimeOffset(new DateTime(2000, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), null },
                    { new Guid("81e62ea7-64a1-8d77-9e15-74294fdb3b32"), "credits-100", 100L, 280, new DateTimeOffset(new DateTime(2000, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), null },
                    { new Guid("91484695-e542-8566-8090-bee16a6501f8"), "credits-250", 250L, 650, new DateTimeOffset(new DateTime(2000, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), null }
                });

            migrationBuilder.InsertData(
                table: "prices",
                columns: new[] { "id", "base_e4", "is_offered", "per_started", "plan", "rate_e4", "service", "valid_from", "valid_until" },
                values: new object[,]
                {
                    { new Guid("090d5c37-2c62-8498-abd0-337cd5443162"), 0L, true, false, "usd", 200L, "sms_outbound", new DateTimeOffset(new DateTime(2000, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), null },
                    { new Guid("37c0a1bd-cfc6-87e4-971e-5bc60a1df615"), 0L, true, false, "usd", 200L, "sms_inbound", new DateTimeOffset(new DateTime(2000, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), null },
                    { new Guid("5e942cd6-6264-8026-a354-cf849827d66d"), 0L, true, false, "usd", 500L, "file_transfer", new DateTimeOffset(new DateTime(2000, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), null },
                    { new Guid("601f5050-9bb1-862f-bb38-016ac9444681"), 0L, true, false, "credits", 10000L, "email", new DateTimeOffset(new DateTime(2000, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), null },
                    { new Guid("64c2e552-dc03-869a-9402-9f2b0e4b2028"), 0L, true, false, "usd", 100L, "email", new DateTimeOffset(new DateTime(2000, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), null },
                    { new Guid("7e69fb81-c112-846e-9a6b-e1245334f63c"), 0L, true, false, "credits", 1000000L, "number_monthly", new DateTimeOffset(new DateTime(2000, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), null },
                    { new Guid("8225463c-0eb9-8855-b3b8-dc1109634abe"), 0L, true, false, "credits", 10000L, "sms_inbound", new DateTimeOffset(new DateTime(2000, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), null },
                    { new Guid("826f8daf-092d-8039-aab0-5f9cd9173065"), 0L, true, false, "credits", 5000000L, "number_set_up", new DateTimeOffset(new DateTime(2000, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), null },
                    { new Guid("9d08e493-28fa-8692-b24c-6cc9531fa1ca"), 1000L, true, false, "usd", 500L, "voice", new DateTimeOffset(new DateTime(2000, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), null },
                    { new Guid("a09e97ea-2853-835c-8e74-60e9fb005d17"), 0L, true, false, "credits", 50000L, "sms_outbound", new DateTimeOffset(new DateTime(2000, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), null },
                    { new Guid("a9a25432-f843-81ec-9c3e-1415f5207ab3"), 0L, true, false, "usd", 50000L, "number_set_up", new DateTimeOffset(new DateTime(2000, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), null },
                    { new Guid("aa70296d-6883-8e7b-bbb7-0de76b19c0d7"), 0L, true, false, "usd", 1500L, "fax", new DateTimeOffset(new DateTime(2000, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), null },
                    { new Guid("af6b20ac-7587-8ee8-b9fb-17db2b8af7df"), 0L, true, true, "credits", 250000L, "voice", new DateTimeOffset(new DateTime(2000, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), null },
                    { new Guid("b8c53642-2620-86ff-81fb-3c3ebdc30a99"), 0L, true, false, "usd", 10000L, "number_monthly", new DateTimeOffset(new DateTime(2000, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), null }
                });

            migrationBuilder.CreateIndex(
                name: "ix_api_keys_key_sha256",
                table: "api_keys",
                column: "key_sha256",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_api_keys_tenant_id",
                table: "api_keys",
                column: "tenant_id");

            migrationBuilder.CreateIndex(
                name: "ix_credit_packages_code_valid_from",
                table: "credit_packages",
                columns: new[] { "code", "valid_from" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_debt_entries_idempotency_key_tenant_id",
                table: "debt_entries",
                columns: new[] { "idempotency_key", "tenant_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_emails_message_id_to_address",
                table: "emails",
                columns: new[] { "message_id", "to_address" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_emails_tenant_id_created_at",
                table: "emails",
                columns: new[] { "tenant_id", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_entries_idempotency_key_tenant_id",
                table: "entries",
                columns: new[] { "idempotency_key", "tenant_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_holds_due",
                table: "holds",
                column: "expires_at",
                filter: "state = 'open'");

            migrationBuilder.CreateIndex(
                name: "ix_holds_ended_by_key_tenant_id",
                table: "holds",
                columns: new[] { "ended_by_key", "tenant_id" },
                unique: true,
                filter: "ended_by_key IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_holds_idempotency_key_tenant_id",
                table: "holds",
                columns: new[] { "idempotency_key", "tenant_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_holds_open",
                table: "holds",
                columns: new[] { "tenant_id", "unit" },
                filter: "state = 'open'");

            migrationBuilder.CreateIndex(
                name: "ix_holds_tenant_id_reference_service",
                table: "holds",
                columns: new[] { "tenant_id", "reference", "service" },
                unique: true,
                filter: "reference IS NOT NULL")
                .Annotation("Npgsql:NullsDistinct", false);

            migrationBuilder.CreateIndex(
                name: "ix_idempotency_keys_created_at",
                table: "idempotency_keys",
                column: "created_at");

            migrationBuilder.CreateIndex(
                name: "ix_job_runs_name_started_at",
                table: "job_runs",
                columns: new[] { "name", "started_at" });

            migrationBuilder.CreateIndex(
                name: "ix_members_user_id",
                table: "members",
                column: "user_id");

            migrationBuilder.CreateIndex(
                name: "ix_outbox_messages_delivered_at",
                table: "outbox_messages",
                column: "delivered_at",
                filter: "delivered_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_outbox_messages_pending",
                table: "outbox_messages",
                columns: new[] { "due_at", "id" },
                filter: "delivered_at IS NULL AND dead_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ux_outbox_messages_key",
                table: "outbox_messages",
                columns: new[] { "kind", "tenant_id", "key" },
                unique: true,
                filter: "key IS NOT NULL")
                .Annotation("Npgsql:NullsDistinct", false);

            migrationBuilder.CreateIndex(
                name: "ix_payment_methods_payment_method_id",
                table: "payment_methods",
                column: "payment_method_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_payment_methods_tenant_id_priority",
                table: "payment_methods",
                columns: new[] { "tenant_id", "priority" });

            migrationBuilder.CreateIndex(
                name: "ux_payment_methods_default",
                table: "payment_methods",
                column: "tenant_id",
                unique: true,
                filter: "is_default");

            migrationBuilder.CreateIndex(
                name: "ux_payment_methods_same_card",
                table: "payment_methods",
                columns: new[] { "tenant_id", "fingerprint" },
                unique: true,
                filter: "removed_at IS NULL AND fingerprint IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_prices_plan_service_valid_from",
                table: "prices",
                columns: new[] { "plan", "service", "valid_from" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_purchases_checkout_session_id",
                table: "purchases",
                column: "checkout_session_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_purchases_open",
                table: "purchases",
                column: "updated_at",
                filter: "state IN ('started', 'requires_action', 'processing')");

            migrationBuilder.CreateIndex(
                name: "ix_purchases_payment_intent_id",
                table: "purchases",
                column: "payment_intent_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_purchases_tenant_id_attempt_key",
                table: "purchases",
                columns: new[] { "tenant_id", "attempt_key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_purchases_tenant_id_created_at",
                table: "purchases",
                columns: new[] { "tenant_id", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ux_purchases_switch_on_bonus",
                table: "purchases",
                column: "tenant_id",
                unique: true,
                filter: "bonus_e4 > 0 AND kind <> 'auto_recharge' AND state = 'settled'");

            migrationBuilder.CreateIndex(
                name: "ix_recharge_attempts_due",
                table: "recharge_attempts",
                column: "leased_until",
                filter: "state IN ('recorded', 'charging', 'unknown', 'requires_action') OR is_cancel_due");

            migrationBuilder.CreateIndex(
                name: "ix_recharge_attempts_payment_intent_id",
                table: "recharge_attempts",
                column: "payment_intent_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_recharge_attempts_tenant_id_started_at",
                table: "recharge_attempts",
                columns: new[] { "tenant_id", "started_at" });

            migrationBuilder.CreateIndex(
                name: "ux_recharge_attempts_open",
                table: "recharge_attempts",
                column: "tenant_id",
                unique: true,
                filter: "state IN ('recorded', 'charging', 'unknown', 'requires_action')");

            migrationBuilder.CreateIndex(
                name: "ix_recharge_evaluations_tenant_id_id",
                table: "recharge_evaluations",
                columns: new[] { "tenant_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_recharge_requests_pending",
                table: "recharge_requests",
                column: "requested_at",
                filter: "done_version < version");

            migrationBuilder.CreateIndex(
                name: "ix_stripe_customers_customer_id",
                table: "stripe_customers",
                column: "customer_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_tenant_prices_tenant_id_plan_service_valid_from",
                table: "tenant_prices",
                columns: new[] { "tenant_id", "plan", "service", "valid_from" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_tenants_slug",
                table: "tenants",
                column: "slug",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_users_normalized_email",
                table: "users",
                column: "normalized_email",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_webhook_events_object_id",
                table: "webhook_events",
                column: "object_id");

            migrationBuilder.CreateIndex(
                name: "ix_webhook_events_pending",
                table: "webhook_events",
                columns: new[] { "next_attempt_at", "id" },
                filter: "state = 'pending'");

            migrationBuilder.CreateIndex(
                name: "ix_webhook_events_provider_event_id",
                table: "webhook_events",
                columns: new[] { "provider", "event_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_webhook_events_received_at",
                table: "webhook_events",
                column: "received_at");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "accounts");

            migrationBuilder.DropTable(
                name: "api_keys");

            migrationBuilder.DropTable(
                name: "balance_watches");

            migrationBuilder.DropTable(
                name: "credit_packages");

            migrationBuilder.DropTable(
                name: "data_protection_keys");

            migrationBuilder.DropTable(
                name: "debt_entries");

            migrationBuilder.DropTable(
                name: "emails");

            migrationBuilder.DropTable(
                name: "entries");

            migrationBuilder.DropTable(
                name: "entry_day_marks");

            migrationBuilder.DropTable(
                name: "entry_days");

            migrationBuilder.DropTable(
                name: "holds");

            migrationBuilder.DropTable(
                name: "idempotency_keys");

            migrationBuilder.DropTable(
                name: "job_runs");

            migrationBuilder.DropTable(
                name: "ledger_proofs");

            migrationBuilder.DropTable(
                name: "ledger_violations");

            migrationBuilder.DropTable(
                name: "members");

            migrationBuilder.DropTable(
                name: "outbox_messages");

            migrationBuilder.DropTable(
                name: "payment_methods");

            migrationBuilder.DropTable(
                name: "prices");

            migrationBuilder.DropTable(
                name: "purchases");

            migrationBuilder.DropTable(
                name: "recharge_attempts");

            migrationBuilder.DropTable(
                name: "recharge_evaluations");

            migrationBuilder.DropTable(
                name: "recharge_requests");

            migrationBuilder.DropTable(
                name: "recharge_rules");

            migrationBuilder.DropTable(
                name: "staff_members");

            migrationBuilder.DropTable(
                name: "stripe_customers");

            migrationBuilder.DropTable(
                name: "tenant_prices");

            migrationBuilder.DropTable(
                name: "usage_events");

            migrationBuilder.DropTable(
                name: "webhook_cursors");

            migrationBuilder.DropTable(
                name: "webhook_events");

            migrationBuilder.DropTable(
                name: "ledger_audit_runs");

            migrationBuilder.DropTable(
                name: "tenants");

            migrationBuilder.DropTable(
                name: "users");
        }
    }
}
