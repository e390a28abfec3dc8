using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BillingPortal.Migrations
{
    /// <inheritdoc />
    public partial class PriceEditor : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "ix_usage_events_occurred_at",
                table: "usage_events",
                column: "occurred_at")
                .Annotation("Npgsql:IndexMethod", "brin");

            migrationBuilder.CreateIndex(
                name: "ix_sms_messages_created_at",
                table: "sms_messages",
                column: "created_at")
                .Annotation("Npgsql:IndexMethod", "brin");

            migrationBuilder.CreateIndex(
                name: "ux_credit_packages_open",
                table: "credit_packages",
                column: "code",
                unique: true,
                filter: "valid_until IS NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_usage_events_occurred_at",
                table: "usage_events");

            migrationBuilder.DropIndex(
                name: "ix_sms_messages_created_at",
                table: "sms_messages");

            migrationBuilder.DropIndex(
                name: "ux_credit_packages_open",
                table: "credit_packages");
        }
    }
}
