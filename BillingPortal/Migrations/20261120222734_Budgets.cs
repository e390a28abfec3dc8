using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BillingPortal.Migrations
{
    /// <inheritdoc />
    public partial class Budgets : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "budget_alerts",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    unit = table.Column<string>(type: "text", nullable: false),
                    service = table.Column<string>(type: "text", nullable: false),
                    month = table.Column<DateOnly>(type: "date", nullable: false),
                    share = table.Column<int>(type: "integer", nullable: false),
                    amount_e4 = table.Column<long>(type: "bigint", nullable: false),
                    spent_e4 = table.Column<long>(type: "bigint", nullable: false),
                    is_told = table.Column<bool>(type: "boolean", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_budget_alerts", x => new { x.tenant_id, x.unit, x.service, x.month, x.share });
                    table.CheckConstraint("ck_budget_alerts_share", "share IN (50, 80, 100) AND amount_e4 > 0");
                    table.CheckConstraint("ck_budget_alerts_unit", "unit IN ('credits', 'usd')");
                });

            migrationBuilder.CreateTable(
                name: "budget_marks",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    unit = table.Column<string>(type: "text", nullable: false),
                    month = table.Column<DateOnly>(type: "date", nullable: false),
                    last_seq = table.Column<long>(type: "bigint", nullable: false),
                    held_e4 = table.Column<long>(type: "bigint", nullable: false),
                    judged_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_budget_marks", x => new { x.tenant_id, x.unit });
                    table.CheckConstraint("ck_budget_marks_unit", "unit IN ('credits', 'usd')");
                });

            migrationBuilder.CreateTable(
                name: "budgets",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    unit = table.Column<string>(type: "text", nullable: false),
                    service = table.Column<string>(type: "text", nullable: false),
                    amount_e4 = table.Column<long>(type: "bigint", nullable: false),
                    shares = table.Column<int[]>(type: "integer[]", nullable: false),
                    changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_budgets", x => new { x.tenant_id, x.unit, x.service });
                    table.CheckConstraint("ck_budgets_terms", "amount_e4 > 0 AND cardinality(shares) > 0 AND shares <@ ARRAY[50, 80, 100]");
                    table.CheckConstraint("ck_budgets_unit", "unit IN ('credits', 'usd')");
                });

            migrationBuilder.CreateTable(
                name: "cohort_cells",
                columns: table => new
                {
                    scope = table.Column<string>(type: "text", nullable: false),
                    cohort = table.Column<DateOnly>(type: "date", nullable: false),
                    months = table.Column<int>(type: "integer", nullable: false),
                    tenants = table.Column<int>(type: "integer", nullable: false),
                    payments = table.Column<long>(type: "bigint", nullable: false),
                    revenue_cents = table.Column<long>(type: "bigint", nullable: false),
                    counted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_cohort_cells", x => new { x.scope, x.cohort, x.months });
                    table.CheckConstraint("ck_cohort_cells_figures", "months >= 0 AND tenants > 0 AND payments >= tenants");
                    table.CheckConstraint("ck_cohort_cells_scope", "scope IN ('all', 'auto_recharge')");
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "budget_alerts");

            migrationBuilder.DropTable(
                name: "budget_marks");

            migrationBuilder.DropTable(
                name: "budgets");

            migrationBuilder.DropTable(
                name: "cohort_cells");
        }
    }
}
