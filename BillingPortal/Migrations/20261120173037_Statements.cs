using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BillingPortal.Migrations
{
    /// <inheritdoc />
    public partial class Statements : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "statement_runs",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    month = table.Column<DateOnly>(type: "date", nullable: false),
                    done_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    is_mailed = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_statement_runs", x => new { x.tenant_id, x.month });
                });

            migrationBuilder.CreateTable(
                name: "statements",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    unit = table.Column<string>(type: "text", nullable: false),
                    month = table.Column<DateOnly>(type: "date", nullable: false),
                    after_seq = table.Column<long>(type: "bigint", nullable: false),
                    through_seq = table.Column<long>(type: "bigint", nullable: false),
                    opening_e4 = table.Column<long>(type: "bigint", nullable: false),
                    change_e4 = table.Column<long>(type: "bigint", nullable: false),
                    closing_e4 = table.Column<long>(type: "bigint", nullable: false),
                    debt_opening_e4 = table.Column<long>(type: "bigint", nullable: false),
                    debt_incurred_e4 = table.Column<long>(type: "bigint", nullable: false),
                    debt_repaid_e4 = table.Column<long>(type: "bigint", nullable: false),
                    lines = table.Column<string>(type: "jsonb", nullable: false),
                    seller = table.Column<string>(type: "jsonb", nullable: false),
                    customer = table.Column<string>(type: "jsonb", nullable: false),
                    purchase_order = table.Column<string>(type: "text", nullable: true),
                    made_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_statements", x => new { x.tenant_id, x.unit, x.month });
                    table.CheckConstraint("ck_statements_debt", "debt_opening_e4 >= 0 AND debt_incurred_e4 >= 0 AND debt_repaid_e4 >= 0 AND debt_opening_e4 + debt_incurred_e4 >= debt_repaid_e4");
                    table.CheckConstraint("ck_statements_entries", "after_seq >= 0 AND through_seq >= after_seq");
                    table.CheckConstraint("ck_statements_month", "extract(day FROM month) = 1");
                    table.CheckConstraint("ck_statements_ties", "opening_e4 + change_e4 = closing_e4 AND opening_e4 >= 0 AND closing_e4 >= 0");
                    table.CheckConstraint("ck_statements_unit", "unit IN ('credits', 'usd')");
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "statement_runs");

            migrationBuilder.DropTable(
                name: "statements");
        }
    }
}
