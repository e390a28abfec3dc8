using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BillingPortal.Migrations
{
    /// <inheritdoc />
    public partial class HoldExtensions : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropCheckConstraint(
                name: "ck_holds_amount",
                table: "holds");

            migrationBuilder.AddColumn<long>(
                name: "extended_e4",
                table: "holds",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.CreateTable(
                name: "hold_extensions",
                columns: table => new
                {
                    idempotency_key = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    hold_id = table.Column<Guid>(type: "uuid", nullable: false),
                    unit = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    amount_e4 = table.Column<long>(type: "bigint", nullable: false),
                    service = table.Column<string>(type: "text", nullable: true),
                    reference = table.Column<string>(type: "text", nullable: true),
                    cause_type = table.Column<string>(type: "text", nullable: false),
                    cause_id = table.Column<string>(type: "text", nullable: true),
                    note = table.Column<string>(type: "text", nullable: true),
                    occurred_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    posted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_hold_extensions", x => new { x.idempotency_key, x.tenant_id });
                    table.CheckConstraint("ck_hold_extensions_amount", "amount_e4 > 0");
                    table.CheckConstraint("ck_hold_extensions_unit", "unit IN ('credits', 'usd')");
                });

            migrationBuilder.AddCheckConstraint(
                name: "ck_holds_amount",
                table: "holds",
                sql: "amount_e4 > extended_e4 AND extended_e4 >= 0");

            migrationBuilder.CreateIndex(
                name: "ix_hold_extensions_tenant_id_hold_id_posted_at",
                table: "hold_extensions",
                columns: new[] { "tenant_id", "hold_id", "posted_at" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "hold_extensions");

            migrationBuilder.DropCheckConstraint(
                name: "ck_holds_amount",
                table: "holds");

            migrationBuilder.DropColumn(
                name: "extended_e4",
                table: "holds");

            migrationBuilder.AddCheckConstraint(
                name: "ck_holds_amount",
                table: "holds",
                sql: "amount_e4 > 0");
        }
    }
}
