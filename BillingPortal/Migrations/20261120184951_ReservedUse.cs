using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BillingPortal.Migrations
{
    /// <inheritdoc />
    public partial class ReservedUse : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropCheckConstraint(
                name: "ck_sms_messages_charged",
                table: "sms_messages");

            migrationBuilder.AddColumn<Guid>(
                name: "reservation_id",
                table: "voice_calls",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "reservation_id",
                table: "sms_messages",
                type: "uuid",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_sms_messages_given_back",
                table: "sms_messages",
                column: "reservation_id",
                filter: "payment = 'refunded' AND reservation_id IS NOT NULL")
                .Annotation("Npgsql:IndexInclude", new[] { "price_e4" });

            migrationBuilder.AddCheckConstraint(
                name: "ck_sms_messages_charged",
                table: "sms_messages",
                sql: "payment NOT IN ('charged', 'refunded') OR entry_seq IS NOT NULL OR reservation_id IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_sms_messages_given_back",
                table: "sms_messages");

            migrationBuilder.DropCheckConstraint(
                name: "ck_sms_messages_charged",
                table: "sms_messages");

            migrationBuilder.DropColumn(
                name: "reservation_id",
                table: "voice_calls");

            migrationBuilder.DropColumn(
                name: "reservation_id",
                table: "sms_messages");

            migrationBuilder.AddCheckConstraint(
                name: "ck_sms_messages_charged",
                table: "sms_messages",
                sql: "payment NOT IN ('charged', 'refunded') OR entry_seq IS NOT NULL");
        }
    }
}
