using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BillingPortal.Migrations
{
    /// <inheritdoc />
    public partial class MonthlySettlement : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropCheckConstraint(
                name: "ck_holds_amount",
                table: "holds");

            migrationBuilder.DropCheckConstraint(
                name: "ck_entries_counter_account",
                table: "entries");

            migrationBuilder.DropCheckConstraint(
                name: "ck_debt_entries_counter_account",
                table: "debt_entries");

            migrationBuilder.AddColumn<string>(
                name: "settlement_mode",
                table: "tenants",
                type: "character varying(16)",
                maxLength: 16,
                nullable: false,
                defaultValue: "monthly");

            migrationBuilder.CreateTable(
                name: "monthly_billings",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    month = table.Column<DateOnly>(type: "date", nullable: false),
                    amount_e4 = table.Column<long>(type: "bigint", nullable: false),
                    events = table.Column<int>(type: "integer", nullable: false),
                    late_events = table.Column<int>(type: "integer", nullable: false),
                    entry_seq = table.Column<long>(type: "bigint", nullable: false),
                    hold_id = table.Column<Guid>(type: "uuid", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    settled_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_monthly_billings", x => new { x.tenant_id, x.month });
                    table.CheckConstraint("ck_monthly_billings_figures", "amount_e4 > 0 AND events > 0 AND late_events BETWEEN 0 AND events AND entry_seq > 0 AND extract(day FROM month) = 1");
                    table.CheckConstraint("ck_monthly_billings_reason", "reason IN ('month_end', 'plan_change')");
                });

            migrationBuilder.CreateTable(
                name: "plan_changes",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: true),
                    from_plan = table.Column<string>(type: "text", nullable: false),
                    to_plan = table.Column<string>(type: "text", nullable: false),
                    from_mode = table.Column<string>(type: "text", nullable: false),
                    to_mode = table.Column<string>(type: "text", nullable: false),
                    settled_e4 = table.Column<long>(type: "bigint", nullable: false),
                    recharge_switched_off = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_plan_changes", x => x.id);
                    table.CheckConstraint("ck_plan_changes_from_mode", "from_mode IN ('monthly', 'immediate')");
                    table.CheckConstraint("ck_plan_changes_from_plan", "from_plan IN ('credits', 'usd')");
                    table.CheckConstraint("ck_plan_changes_to_mode", "to_mode IN ('monthly', 'immediate')");
                    table.CheckConstraint("ck_plan_changes_to_plan", "to_plan IN ('credits', 'usd')");
                    table.CheckConstraint("ck_plan_changes_what", "(from_plan <> to_plan OR from_mode <> to_mode) AND settled_e4 >= 0");
                });

            migrationBuilder.AddCheckConstraint(
                name: "ck_tenants_settlement_mode",
                table: "tenants",
                sql: "settlement_mode IN ('monthly', 'immediate')");

            migrationBuilder.CreateIndex(
                name: "ix_holds_reserved",
                table: "holds",
                columns: new[] { "cause_id", "tenant_id" },
                filter: "state = 'open' AND cause_type = 'reservation'");

            migrationBuilder.AddCheckConstraint(
                name: "ck_holds_amount",
                table: "holds",
                sql: "amount_e4 > 0 AND extended_e4 BETWEEN 0 AND amount_e4 AND (cause_type = 'reservation') = (extended_e4 = amount_e4)");

            migrationBuilder.AddCheckConstraint(
                name: "ck_holds_reservation",
                table: "holds",
                sql: "cause_type <> 'reservation' OR (expires_at IS NULL AND state IN ('open', 'captured') AND coalesce(captured_e4, amount_e4) = amount_e4)");

            migrationBuilder.AddCheckConstraint(
                name: "ck_entries_counter_account",
                table: "entries",
                sql: "counter_account IN ('card_clearing', 'bonus', 'voice_revenue', 'sms_revenue', 'email_revenue', 'fax_revenue', 'file_transfer_revenue', 'rent_revenue', 'refund', 'expiry', 'adjustment', 'debt', 'usage_revenue')");

            migrationBuilder.AddCheckConstraint(
                name: "ck_debt_entries_counter_account",
                table: "debt_entries",
                sql: "counter_account IN ('card_clearing', 'bonus', 'voice_revenue', 'sms_revenue', 'email_revenue', 'fax_revenue', 'file_transfer_revenue', 'rent_revenue', 'refund', 'expiry', 'adjustment', 'debt', 'usage_revenue')");

            migrationBuilder.CreateIndex(
                name: "ix_monthly_billings_hold_id",
                table: "monthly_billings",
                column: "hold_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_monthly_billings_month",
                table: "monthly_billings",
                column: "month");

            migrationBuilder.CreateIndex(
                name: "ix_plan_changes_tenant_id_changed_at",
                table: "plan_changes",
                columns: new[] { "tenant_id", "changed_at" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "monthly_billings");

            migrationBuilder.DropTable(
                name: "plan_changes");

            migrationBuilder.DropCheckConstraint(
                name: "ck_tenants_settlement_mode",
                table: "tenants");

            migrationBuilder.DropIndex(
                name: "ix_holds_reserved",
                table: "holds");

            migrationBuilder.DropCheckConstraint(
                name: "ck_holds_amount",
                table: "holds");

            migrationBuilder.DropCheckConstraint(
                name: "ck_holds_reservation",
                table: "holds");

            migrationBuilder.DropCheckConstraint(
                name: "ck_entries_counter_account",
                table: "entries");

            migrationBuilder.DropCheckConstraint(
                name: "ck_debt_entries_counter_account",
                table: "debt_entries");

            migrationBuilder.DropColumn(
                name: "settlement_mode",
                table: "tenants");

            migrationBuilder.AddCheckConstraint(
                name: "ck_holds_amount",
                table: "holds",
                sql: "amount_e4 > extended_e4 AND extended_e4 >= 0");

            migrationBuilder.AddCheckConstraint(
                name: "ck_entries_counter_account",
                table: "entries",
                sql: "counter_account IN ('card_clearing', 'bonus', 'voice_revenue', 'sms_revenue', 'email_revenue', 'fax_revenue', 'file_transfer_revenue', 'rent_revenue', 'refund', 'expiry', 'adjustment', 'debt')");

            migrationBuilder.AddCheckConstraint(
                name: "ck_debt_entries_counter_account",
                table: "debt_entries",
                sql: "counter_account IN ('card_clearing', 'bonus', 'voice_revenue', 'sms_revenue', 'email_revenue', 'fax_revenue', 'file_transfer_revenue', 'rent_revenue', 'refund', 'expiry', 'adjustment', 'debt')");
        }
    }
}
