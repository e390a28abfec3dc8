using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BillingPortal.Migrations
{
    /// <inheritdoc />
    public partial class Receipts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "billing_details",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    legal_name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    address = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: false),
                    country = table.Column<string>(type: "character varying(2)", maxLength: 2, nullable: false),
                    vat_id = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: true),
                    tax_name = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    tax_percent = table.Column<decimal>(type: "numeric(7,4)", precision: 7, scale: 4, nullable: false),
                    purchase_order = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_by = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_billing_details", x => x.tenant_id);
                    table.CheckConstraint("ck_billing_details_country", "country ~ '^[A-Z]{2}$'");
                    table.CheckConstraint("ck_billing_details_tax", "tax_percent >= 0 AND tax_percent < 100");
                });

            migrationBuilder.CreateTable(
                name: "receipt_series",
                columns: table => new
                {
                    series = table.Column<string>(type: "character varying(8)", maxLength: 8, nullable: false),
                    year = table.Column<int>(type: "integer", nullable: false),
                    last_number = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_receipt_series", x => new { x.series, x.year });
                    table.CheckConstraint("ck_receipt_series_last", "last_number >= 0");
                });

            migrationBuilder.CreateTable(
                name: "receipts",
                columns: table => new
                {
                    purchase_id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    series = table.Column<string>(type: "character varying(8)", maxLength: 8, nullable: false),
                    year = table.Column<int>(type: "integer", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    issued_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    seller = table.Column<string>(type: "jsonb", nullable: false),
                    customer = table.Column<string>(type: "jsonb", nullable: false),
                    tax_name = table.Column<string>(type: "text", nullable: false),
                    tax_percent = table.Column<decimal>(type: "numeric(7,4)", precision: 7, scale: 4, nullable: false),
                    purchase_order = table.Column<string>(type: "text", nullable: true),
                    refunded_cents = table.Column<int>(type: "integer", nullable: false),
                    disputed_cents = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_receipts", x => x.purchase_id);
                    table.CheckConstraint("ck_receipts_figures", "number > 0 AND tax_percent >= 0 AND tax_percent < 100 AND refunded_cents >= 0 AND disputed_cents >= 0");
                    table.ForeignKey(
                        name: "fk_receipts_purchases_purchase_id",
                        column: x => x.purchase_id,
                        principalTable: "purchases",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "receipt_credits",
                columns: table => new
                {
                    purchase_id = table.Column<Guid>(type: "uuid", nullable: false),
                    ordinal = table.Column<int>(type: "integer", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    cents = table.Column<int>(type: "integer", nullable: false),
                    noted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_receipt_credits", x => new { x.purchase_id, x.ordinal });
                    table.CheckConstraint("ck_receipt_credits_figures", "ordinal > 0 AND cents <> 0");
                    table.CheckConstraint("ck_receipt_credits_reason", "reason IN ('refund', 'dispute')");
                    table.ForeignKey(
                        name: "fk_receipt_credits_receipts_purchase_id",
                        column: x => x.purchase_id,
                        principalTable: "receipts",
                        principalColumn: "purchase_id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_receipts_series_year_number",
                table: "receipts",
                columns: new[] { "series", "year", "number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_receipts_tenant_id_issued_at",
                table: "receipts",
                columns: new[] { "tenant_id", "issued_at" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "billing_details");

            migrationBuilder.DropTable(
                name: "receipt_credits");

            migrationBuilder.DropTable(
                name: "receipt_series");

            migrationBuilder.DropTable(
                name: "receipts");
        }
    }
}
