using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BillingPortal.Migrations
{
    /// <inheritdoc />
    public partial class SmartRecharge : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "failing_since",
                table: "recharge_rules",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "grace_days",
                table: "recharge_rules",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "notice_hours",
                table: "recharge_rules",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "noticed_at",
                table: "recharge_rules",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "noticed_for",
                table: "recharge_rules",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "pace_at",
                table: "recharge_rules",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "pace_e4",
                table: "recharge_rules",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "smart",
                table: "recharge_rules",
                type: "text",
                nullable: false,
                defaultValue: "off");

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "grace_until",
                table: "phone_numbers",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "recharge_adjustments",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    unit = table.Column<string>(type: "text", nullable: false),
                    threshold_before_e4 = table.Column<long>(type: "bigint", nullable: false),
                    threshold_e4 = table.Column<long>(type: "bigint", nullable: false),
                    amount_before_e4 = table.Column<long>(type: "bigint", nullable: false),
                    amount_e4 = table.Column<long>(type: "bigint", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    adjusted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_recharge_adjustments", x => x.id);
                    table.CheckConstraint("ck_recharge_adjustments_amounts", "threshold_e4 > 0 AND amount_e4 > 0");
                    table.CheckConstraint("ck_recharge_adjustments_unit", "unit IN ('credits', 'usd')");
                });

            migrationBuilder.AddCheckConstraint(
                name: "ck_recharge_rules_care",
                table: "recharge_rules",
                sql: "notice_hours BETWEEN 0 AND 72 AND grace_days BETWEEN 0 AND 14 AND pace_e4 > 0 AND (noticed_at IS NULL) = (noticed_for IS NULL)");

            migrationBuilder.AddCheckConstraint(
                name: "ck_recharge_rules_smart",
                table: "recharge_rules",
                sql: "smart IN ('off', 'propose', 'automatic')");

            migrationBuilder.AddCheckConstraint(
                name: "ck_phone_numbers_grace",
                table: "phone_numbers",
                sql: "grace_until IS NULL OR state = 'active'");

            migrationBuilder.CreateIndex(
                name: "ix_recharge_adjustments_tenant_id_id",
                table: "recharge_adjustments",
                columns: new[] { "tenant_id", "id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "recharge_adjustments");

            migrationBuilder.DropCheckConstraint(
                name: "ck_recharge_rules_care",
                table: "recharge_rules");

            migrationBuilder.DropCheckConstraint(
                name: "ck_recharge_rules_smart",
                table: "recharge_rules");

            migrationBuilder.DropCheckConstraint(
                name: "ck_phone_numbers_grace",
                table: "phone_numbers");

            migrationBuilder.DropColumn(
                name: "failing_since",
                table: "recharge_rules");

            migrationBuilder.DropColumn(
                name: "grace_days",
                table: "recharge_rules");

            migrationBuilder.DropColumn(
                name: "notice_hours",
                table: "recharge_rules");

            migrationBuilder.DropColumn(
                name: "noticed_at",
                table: "recharge_rules");

            migrationBuilder.DropColumn(
                name: "noticed_for",
                table: "recharge_rules");

            migrationBuilder.DropColumn(
                name: "pace_at",
                table: "recharge_rules");

            migrationBuilder.DropColumn(
                name: "pace_e4",
                table: "recharge_rules");

            migrationBuilder.DropColumn(
                name: "smart",
                table: "recharge_rules");

            migrationBuilder.DropColumn(
                name: "grace_until",
                table: "phone_numbers");
        }
    }
}
