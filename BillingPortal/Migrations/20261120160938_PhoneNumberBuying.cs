using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BillingPortal.Migrations
{
    /// <inheritdoc />
    public partial class PhoneNumberBuying : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_phone_numbers_due",
                table: "phone_numbers");

            migrationBuilder.DropIndex(
                name: "ix_phone_numbers_retry",
                table: "phone_numbers");

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "asked_at",
                table: "phone_numbers",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "attempt_key",
                table: "phone_numbers",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "set_up_e4",
                table: "phone_numbers",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.CreateIndex(
                name: "ix_phone_numbers_asked",
                table: "phone_numbers",
                columns: new[] { "asked_at", "id" },
                filter: "asked_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_phone_numbers_due",
                table: "phone_numbers",
                columns: new[] { "next_billing_date", "tenant_id", "id" },
                filter: "state = 'active'");

            migrationBuilder.CreateIndex(
                name: "ix_phone_numbers_retry",
                table: "phone_numbers",
                columns: new[] { "next_retry_at", "tenant_id", "id" },
                filter: "state = 'suspended'");

            migrationBuilder.CreateIndex(
                name: "ux_phone_numbers_attempt",
                table: "phone_numbers",
                columns: new[] { "tenant_id", "attempt_key" },
                unique: true,
                filter: "attempt_key IS NOT NULL");

            migrationBuilder.AddCheckConstraint(
                name: "ck_phone_numbers_asked",
                table: "phone_numbers",
                sql: "(state IN ('buying', 'releasing')) = (asked_at IS NOT NULL)");

            migrationBuilder.AddCheckConstraint(
                name: "ck_phone_numbers_set_up",
                table: "phone_numbers",
                sql: "set_up_e4 >= 0");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_phone_numbers_asked",
                table: "phone_numbers");

            migrationBuilder.DropIndex(
                name: "ix_phone_numbers_due",
                table: "phone_numbers");

            migrationBuilder.DropIndex(
                name: "ix_phone_numbers_retry",
                table: "phone_numbers");

            migrationBuilder.DropIndex(
                name: "ux_phone_numbers_attempt",
                table: "phone_numbers");

            migrationBuilder.DropCheckConstraint(
                name: "ck_phone_numbers_asked",
                table: "phone_numbers");

            migrationBuilder.DropCheckConstraint(
                name: "ck_phone_numbers_set_up",
                table: "phone_numbers");

            migrationBuilder.DropColumn(
                name: "asked_at",
                table: "phone_numbers");

            migrationBuilder.DropColumn(
                name: "attempt_key",
                table: "phone_numbers");

            migrationBuilder.DropColumn(
                name: "set_up_e4",
                table: "phone_numbers");

            migrationBuilder.CreateIndex(
                name: "ix_phone_numbers_due",
                table: "phone_numbers",
                columns: new[] { "next_billing_date", "id" },
                filter: "state = 'active'");

            migrationBuilder.CreateIndex(
                name: "ix_phone_numbers_retry",
                table: "phone_numbers",
                columns: new[] { "next_retry_at", "id" },
                filter: "state = 'suspended'");
        }
    }
}
