using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BillingPortal.Migrations
{
    /// <inheritdoc />
    public partial class Wallet : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
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
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "entry_day_marks");

            migrationBuilder.DropTable(
                name: "entry_days");
        }
    }
}
