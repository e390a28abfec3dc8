using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BillingPortal.Migrations
{
    /// <inheritdoc />
    public partial class SameCard : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ux_payment_methods_same_card",
                table: "payment_methods");

            migrationBuilder.CreateIndex(
                name: "ux_payment_methods_same_card",
                table: "payment_methods",
                columns: new[] { "tenant_id", "fingerprint" },
                unique: true,
                filter: "removed_at IS NULL AND fingerprint IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ux_payment_methods_same_card",
                table: "payment_methods");

            migrationBuilder.CreateIndex(
                name: "ux_payment_methods_same_card",
                table: "payment_methods",
                columns: new[] { "tenant_id", "fingerprint", "exp_year", "exp_month" },
                unique: true,
                filter: "removed_at IS NULL AND fingerprint IS NOT NULL");
        }
    }
}
