using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BillingPortal.Migrations
{
    /// <inheritdoc />
    public partial class AutoRechargeAttempts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "cards",
                table: "recharge_rules");

            migrationBuilder.DropColumn(
                name: "link_hash",
                table: "recharge_attempts");

            migrationBuilder.DropColumn(
                name: "resolutions",
                table: "recharge_attempts");

            migrationBuilder.AddColumn<Guid[]>(
                name: "card_ids",
                table: "recharge_rules",
                type: "uuid[]",
                nullable: false,
                defaultValue: new Guid[0]);

            migrationBuilder.AddColumn<Guid>(
                name: "last_purchase_id",
                table: "recharge_rules",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "swept_at",
                table: "recharge_rules",
                type: "timestamp with time zone",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "card_ids",
                table: "recharge_rules");

            migrationBuilder.DropColumn(
                name: "last_purchase_id",
                table: "recharge_rules");

            migrationBuilder.DropColumn(
                name: "swept_at",
                table: "recharge_rules");

            migrationBuilder.AddColumn<string[]>(
                name: "cards",
                table: "recharge_rules",
                type: "text[]",
                nullable: false,
                defaultValue: new string[0]);

            migrationBuilder.AddColumn<byte[]>(
                name: "link_hash",
                table: "recharge_attempts",
                type: "bytea",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "resolutions",
                table: "recharge_attempts",
                type: "integer",
                nullable: false,
                defaultValue: 0);
        }
    }
}
