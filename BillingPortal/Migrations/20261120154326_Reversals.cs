using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BillingPortal.Migrations
{
    /// <inheritdoc />
    public partial class Reversals : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "dispute_taken_e4",
                table: "purchases",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<int>(
                name: "disputed_cents",
                table: "purchases",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<long>(
                name: "refund_taken_e4",
                table: "purchases",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<int>(
                name: "reversals",
                table: "purchases",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddCheckConstraint(
                name: "ck_purchases_taken_back",
                table: "purchases",
                sql: "refund_taken_e4 >= 0 AND dispute_taken_e4 >= 0 AND disputed_cents BETWEEN 0 AND price_cents AND refund_taken_e4 + dispute_taken_e4 <= credits_e4 + bonus_e4");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropCheckConstraint(
                name: "ck_purchases_taken_back",
                table: "purchases");

            migrationBuilder.DropColumn(
                name: "dispute_taken_e4",
                table: "purchases");

            migrationBuilder.DropColumn(
                name: "disputed_cents",
                table: "purchases");

            migrationBuilder.DropColumn(
                name: "refund_taken_e4",
                table: "purchases");

            migrationBuilder.DropColumn(
                name: "reversals",
                table: "purchases");
        }
    }
}
