using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BillingPortal.Migrations
{
    /// <inheritdoc />
    public partial class RechargeSweep : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "is_below",
                table: "recharge_requests",
                type: "boolean",
                nullable: false,
                defaultValue: true);

            migrationBuilder.CreateIndex(
                name: "ix_recharge_rules_noticed",
                table: "recharge_rules",
                column: "noticed_at",
                filter: "noticed_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_recharge_rules_paced",
                table: "recharge_rules",
                columns: new[] { "pace_at", "tenant_id" },
                filter: "enabled AND (smart = 'automatic' OR notice_hours > 0)");

            migrationBuilder.CreateIndex(
                name: "ix_recharge_requests_below",
                table: "recharge_requests",
                column: "tenant_id",
                filter: "is_below");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_recharge_rules_noticed",
                table: "recharge_rules");

            migrationBuilder.DropIndex(
                name: "ix_recharge_rules_paced",
                table: "recharge_rules");

            migrationBuilder.DropIndex(
                name: "ix_recharge_requests_below",
                table: "recharge_requests");

            migrationBuilder.DropColumn(
                name: "is_below",
                table: "recharge_requests");
        }
    }
}
