using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BillingPortal.Migrations
{
    /// <inheritdoc />
    public partial class Invoices : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ux_purchases_switch_on_bonus",
                table: "purchases");

            migrationBuilder.DropCheckConstraint(
                name: "ck_purchases_kind",
                table: "purchases");

            migrationBuilder.DropCheckConstraint(
                name: "ck_purchases_settled",
                table: "purchases");

            migrationBuilder.DropCheckConstraint(
                name: "ck_entry_days_kind",
                table: "entry_days");

            migrationBuilder.DropCheckConstraint(
                name: "ck_entries_counter_account",
                table: "entries");

            migrationBuilder.DropCheckConstraint(
                name: "ck_entries_kind",
                table: "entries");

            migrationBuilder.DropCheckConstraint(
                name: "ck_debt_entries_counter_account",
                table: "debt_entries");

            migrationBuilder.DropCheckConstraint(
                name: "ck_debt_entries_kind",
                table: "debt_entries");

            migrationBuilder.AddColumn<Guid>(
                name: "invoice_id",
                table: "purchases",
                type: "uuid",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "invoice_terms",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    is_approved = table.Column<bool>(type: "boolean", nullable: false),
                    due_days = table.Column<int>(type: "integer", nullable: false),
                    limit_cents = table.Column<int>(type: "integer", nullable: false),
                    gives = table.Column<string>(type: "text", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_by = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_invoice_terms", x => x.tenant_id);
                    table.CheckConstraint("ck_invoice_terms_bounds", "due_days BETWEEN 7 AND 60 AND limit_cents BETWEEN 1 AND 100000000");
                    table.CheckConstraint("ck_invoice_terms_gives", "gives IN ('on_payment', 'on_approval')");
                });

            migrationBuilder.CreateTable(
                name: "invoices",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    series = table.Column<string>(type: "character varying(8)", maxLength: 8, nullable: false),
                    year = table.Column<int>(type: "integer", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    origin = table.Column<string>(type: "text", nullable: false),
                    unit = table.Column<string>(type: "text", nullable: false),
                    credits_e4 = table.Column<long>(type: "bigint", nullable: false),
                    bonus_e4 = table.Column<long>(type: "bigint", nullable: false),
                    price_cents = table.Column<int>(type: "integer", nullable: false),
                    package_code = table.Column<string>(type: "text", nullable: true),
                    gives = table.Column<string>(type: "text", nullable: false),
                    attempt_key = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false),
                    issued_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    due_on = table.Column<DateOnly>(type: "date", nullable: false),
                    issued_by = table.Column<Guid>(type: "uuid", nullable: true),
                    seller = table.Column<string>(type: "jsonb", nullable: false),
                    customer = table.Column<string>(type: "jsonb", nullable: false),
                    tax_name = table.Column<string>(type: "text", nullable: false),
                    tax_percent = table.Column<decimal>(type: "numeric(7,4)", precision: 7, scale: 4, nullable: false),
                    purchase_order = table.Column<string>(type: "text", nullable: true),
                    credited_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    paid_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    paid_by_purchase = table.Column<Guid>(type: "uuid", nullable: true),
                    transfer_reference = table.Column<string>(type: "character varying(140)", maxLength: 140, nullable: true),
                    voided_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    void_reason = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_invoices", x => x.id);
                    table.CheckConstraint("ck_invoices_figures", "number > 0 AND credits_e4 > 0 AND bonus_e4 >= 0 AND price_cents > 0 AND tax_percent >= 0 AND tax_percent < 100");
                    table.CheckConstraint("ck_invoices_gives", "gives IN ('on_payment', 'on_approval')");
                    table.CheckConstraint("ck_invoices_origin", "origin IN ('buyer', 'auto_recharge')");
                    table.CheckConstraint("ck_invoices_paid", "(state = 'paid') = (paid_at IS NOT NULL) AND (state = 'paid') = (paid_by_purchase IS NOT NULL) AND (state <> 'paid' OR credited_at IS NOT NULL)");
                    table.CheckConstraint("ck_invoices_state", "state IN ('open', 'overdue', 'paid', 'void')");
                    table.CheckConstraint("ck_invoices_unit", "unit IN ('credits', 'usd')");
                    table.CheckConstraint("ck_invoices_void", "(state = 'void') = (voided_at IS NOT NULL)");
                });

            migrationBuilder.CreateTable(
                name: "invoice_reminders",
                columns: table => new
                {
                    invoice_id = table.Column<Guid>(type: "uuid", nullable: false),
                    stage = table.Column<string>(type: "text", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    sent_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_invoice_reminders", x => new { x.invoice_id, x.stage });
                    table.CheckConstraint("ck_invoice_reminders_stage", "stage IN ('before_due', 'due_today', 'week_late', 'two_weeks_late')");
                    table.ForeignKey(
                        name: "fk_invoice_reminders_invoices_invoice_id",
                        column: x => x.invoice_id,
                        principalTable: "invoices",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ux_purchases_invoice_open",
                table: "purchases",
                column: "invoice_id",
                unique: true,
                filter: "invoice_id IS NOT NULL AND state IN ('started', 'requires_action', 'processing')");

            migrationBuilder.CreateIndex(
                name: "ux_purchases_invoice_paid",
                table: "purchases",
                column: "invoice_id",
                unique: true,
                filter: "invoice_id IS NOT NULL AND state = 'settled'");

            migrationBuilder.CreateIndex(
                name: "ux_purchases_switch_on_bonus",
                table: "purchases",
                column: "tenant_id",
                unique: true,
                filter: "bonus_e4 > 0 AND kind <> 'auto_recharge' AND invoice_id IS NULL AND state = 'settled'");

            migrationBuilder.AddCheckConstraint(
                name: "ck_purchases_kind",
                table: "purchases",
                sql: "kind IN ('on_session', 'checkout', 'auto_recharge', 'bank_transfer')");

            migrationBuilder.AddCheckConstraint(
                name: "ck_purchases_settled",
                table: "purchases",
                sql: "(state = 'settled') = (settled_at IS NOT NULL) AND (state <> 'settled' OR payment_intent_id IS NOT NULL OR kind = 'bank_transfer') AND (kind <> 'bank_transfer' OR invoice_id IS NOT NULL)");

            migrationBuilder.AddCheckConstraint(
                name: "ck_entry_days_kind",
                table: "entry_days",
                sql: "kind IN ('purchase', 'bonus', 'usage', 'hold_capture', 'rent', 'set_up', 'refund', 'dispute', 'debt_repayment', 'adjustment', 'expiry', 'correction', 'settlement', 'invoice')");

            migrationBuilder.AddCheckConstraint(
                name: "ck_entries_counter_account",
                table: "entries",
                sql: "counter_account IN ('card_clearing', 'bonus', 'voice_revenue', 'sms_revenue', 'email_revenue', 'fax_revenue', 'file_transfer_revenue', 'rent_revenue', 'refund', 'expiry', 'adjustment', 'debt', 'usage_revenue', 'invoices')");

            migrationBuilder.AddCheckConstraint(
                name: "ck_entries_kind",
                table: "entries",
                sql: "kind IN ('purchase', 'bonus', 'usage', 'hold_capture', 'rent', 'set_up', 'refund', 'dispute', 'debt_repayment', 'adjustment', 'expiry', 'correction', 'settlement', 'invoice')");

            migrationBuilder.AddCheckConstraint(
                name: "ck_debt_entries_counter_account",
                table: "debt_entries",
                sql: "counter_account IN ('card_clearing', 'bonus', 'voice_revenue', 'sms_revenue', 'email_revenue', 'fax_revenue', 'file_transfer_revenue', 'rent_revenue', 'refund', 'expiry', 'adjustment', 'debt', 'usage_revenue', 'invoices')");

            migrationBuilder.AddCheckConstraint(
                name: "ck_debt_entries_kind",
                table: "debt_entries",
                sql: "kind IN ('purchase', 'bonus', 'usage', 'hold_capture', 'rent', 'set_up', 'refund', 'dispute', 'debt_repayment', 'adjustment', 'expiry', 'correction', 'settlement', 'invoice')");

            migrationBuilder.CreateIndex(
                name: "ix_invoices_series_year_number",
                table: "invoices",
                columns: new[] { "series", "year", "number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_invoices_tenant_id_attempt_key",
                table: "invoices",
                columns: new[] { "tenant_id", "attempt_key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_invoices_tenant_id_issued_at",
                table: "invoices",
                columns: new[] { "tenant_id", "issued_at" });

            migrationBuilder.CreateIndex(
                name: "ix_invoices_unpaid",
                table: "invoices",
                column: "due_on",
                filter: "state IN ('open', 'overdue')");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "invoice_reminders");

            migrationBuilder.DropTable(
                name: "invoice_terms");

            migrationBuilder.DropTable(
                name: "invoices");

            migrationBuilder.DropIndex(
                name: "ux_purchases_invoice_open",
                table: "purchases");

            migrationBuilder.DropIndex(
                name: "ux_purchases_invoice_paid",
                table: "purchases");

            migrationBuilder.DropIndex(
                name: "ux_purchases_switch_on_bonus",
                table: "purchases");

            migrationBuilder.DropCheckConstraint(
                name: "ck_purchases_kind",
                table: "purchases");

            migrationBuilder.DropCheckConstraint(
                name: "ck_purchases_settled",
                table: "purchases");

            migrationBuilder.DropCheckConstraint(
                name: "ck_entry_days_kind",
                table: "entry_days");

            migrationBuilder.DropCheckConstraint(
                name: "ck_entries_counter_account",
                table: "entries");

            migrationBuilder.DropCheckConstraint(
                name: "ck_entries_kind",
                table: "entries");

            migrationBuilder.DropCheckConstraint(
                name: "ck_debt_entries_counter_account",
                table: "debt_entries");

            migrationBuilder.DropCheckConstraint(
                name: "ck_debt_entries_kind",
                table: "debt_entries");

            migrationBuilder.DropColumn(
                name: "invoice_id",
                table: "purchases");

            migrationBuilder.CreateIndex(
                name: "ux_purchases_switch_on_bonus",
                table: "purchases",
                column: "tenant_id",
                unique: true,
                filter: "bonus_e4 > 0 AND kind <> 'auto_recharge' AND state = 'settled'");

            migrationBuilder.AddCheckConstraint(
                name: "ck_purchases_kind",
                table: "purchases",
                sql: "kind IN ('on_session', 'checkout', 'auto_recharge')");

            migrationBuilder.AddCheckConstraint(
                name: "ck_purchases_settled",
                table: "purchases",
                sql: "(state = 'settled') = (settled_at IS NOT NULL) AND (state <> 'settled' OR payment_intent_id IS NOT NULL)");

            migrationBuilder.AddCheckConstraint(
                name: "ck_entry_days_kind",
                table: "entry_days",
                sql: "kind IN ('purchase', 'bonus', 'usage', 'hold_capture', 'rent', 'set_up', 'refund', 'dispute', 'debt_repayment', 'adjustment', 'expiry', 'correction', 'settlement')");

            migrationBuilder.AddCheckConstraint(
                name: "ck_entries_counter_account",
                table: "entries",
                sql: "counter_account IN ('card_clearing', 'bonus', 'voice_revenue', 'sms_revenue', 'email_revenue', 'fax_revenue', 'file_transfer_revenue', 'rent_revenue', 'refund', 'expiry', 'adjustment', 'debt', 'usage_revenue')");

            migrationBuilder.AddCheckConstraint(
                name: "ck_entries_kind",
                table: "entries",
                sql: "kind IN ('purchase', 'bonus', 'usage', 'hold_capture', 'rent', 'set_up', 'refund', 'dispute', 'debt_repayment', 'adjustment', 'expiry', 'correction', 'settlement')");

            migrationBuilder.AddCheckConstraint(
                name: "ck_debt_entries_counter_account",
                table: "debt_entries",
                sql: "counter_account IN ('card_clearing', 'bonus', 'voice_revenue', 'sms_revenue', 'email_revenue', 'fax_revenue', 'file_transfer_revenue', 'rent_revenue', 'refund', 'expiry', 'adjustment', 'debt', 'usage_revenue')");

            migrationBuilder.AddCheckConstraint(
                name: "ck_debt_entries_kind",
                table: "debt_entries",
                sql: "kind IN ('purchase', 'bonus', 'usage', 'hold_capture', 'rent', 'set_up', 'refund', 'dispute', 'debt_repayment', 'adjustment', 'expiry', 'correction', 'settlement')");
        }
    }
}
