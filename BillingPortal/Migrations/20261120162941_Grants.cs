using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BillingPortal.Migrations
{
    /// <inheritdoc />
    public partial class Grants : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "expiring_grants",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    unit = table.Column<string>(type: "text", nullable: false),
                    seq = table.Column<long>(type: "bigint", nullable: false),
                    amount_e4 = table.Column<long>(type: "bigint", nullable: false),
                    remaining_e4 = table.Column<long>(type: "bigint", nullable: false),
                    expired_e4 = table.Column<long>(type: "bigint", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    cause_id = table.Column<string>(type: "text", nullable: true),
                    warned_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_expiring_grants", x => new { x.tenant_id, x.unit, x.seq });
                    table.CheckConstraint("ck_expiring_grants_remaining", "amount_e4 > 0 AND remaining_e4 >= 0 AND expired_e4 >= 0 AND remaining_e4 + expired_e4 <= amount_e4");
                    table.CheckConstraint("ck_expiring_grants_unit", "unit IN ('credits', 'usd')");
                });

            migrationBuilder.CreateTable(
                name: "grant_marks",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    unit = table.Column<string>(type: "text", nullable: false),
                    through_seq = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_grant_marks", x => new { x.tenant_id, x.unit });
                    table.CheckConstraint("ck_grant_marks_unit", "unit IN ('credits', 'usd')");
                });

            migrationBuilder.CreateIndex(
                name: "ix_expiring_grants_cause_id",
                table: "expiring_grants",
                column: "cause_id",
                filter: "cause_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_expiring_grants_due",
                table: "expiring_grants",
                column: "expires_at",
                filter: "remaining_e4 > 0");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "expiring_grants");

            migrationBuilder.DropTable(
                name: "grant_marks");
        }
    }
}
