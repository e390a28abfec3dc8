using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BillingPortal.Migrations
{
    /// <inheritdoc />
    public partial class Messaging : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "looks",
                table: "sms_messages",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<Guid>(
                name: "request_key",
                table: "sms_messages",
                type: "uuid",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "sms_rates",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    window_started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    used = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sms_rates", x => x.tenant_id);
                    table.CheckConstraint("ck_sms_rates_used", "used > 0");
                });

            migrationBuilder.CreateIndex(
                name: "ix_sms_messages_reply_to_id",
                table: "sms_messages",
                column: "reply_to_id",
                unique: true,
                filter: "reply_to_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_sms_messages_request_key",
                table: "sms_messages",
                column: "request_key",
                unique: true,
                filter: "request_key IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "sms_rates");

            migrationBuilder.DropIndex(
                name: "ix_sms_messages_reply_to_id",
                table: "sms_messages");

            migrationBuilder.DropIndex(
                name: "ix_sms_messages_request_key",
                table: "sms_messages");

            migrationBuilder.DropColumn(
                name: "looks",
                table: "sms_messages");

            migrationBuilder.DropColumn(
                name: "request_key",
                table: "sms_messages");
        }
    }
}
