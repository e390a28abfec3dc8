using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BillingPortal.Migrations
{
    /// <inheritdoc />
    public partial class ApiKeyRotation : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "created_by",
                table: "api_keys",
                type: "character varying(200)",
                maxLength: 200,
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "expires_at",
                table: "api_keys",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "replaces_id",
                table: "api_keys",
                type: "uuid",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_api_keys_replaces_id",
                table: "api_keys",
                column: "replaces_id",
                unique: true);

            migrationBuilder.AddCheckConstraint(
                name: "ck_api_keys_expiry",
                table: "api_keys",
                sql: "expires_at >= created_at");

            migrationBuilder.AddForeignKey(
                name: "fk_api_keys_api_keys_replaces_id",
                table: "api_keys",
                column: "replaces_id",
                principalTable: "api_keys",
                principalColumn: "id",
                onDelete: ReferentialAction.Restrict);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "fk_api_keys_api_keys_replaces_id",
                table: "api_keys");

            migrationBuilder.DropIndex(
                name: "ix_api_keys_replaces_id",
                table: "api_keys");

            migrationBuilder.DropCheckConstraint(
                name: "ck_api_keys_expiry",
                table: "api_keys");

            migrationBuilder.DropColumn(
                name: "created_by",
                table: "api_keys");

            migrationBuilder.DropColumn(
                name: "expires_at",
                table: "api_keys");

            migrationBuilder.DropColumn(
                name: "replaces_id",
                table: "api_keys");
        }
    }
}
