using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BillingPortal.Migrations
{
    /// <inheritdoc />
    public partial class Monitors : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "faults",
                table: "job_runs",
                type: "json",
                nullable: false,
                defaultValueSql: "'[]'");

            migrationBuilder.AddColumn<Guid>(
                name: "resent_of_id",
                table: "emails",
                type: "uuid",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_emails_resent_of_id",
                table: "emails",
                column: "resent_of_id",
                filter: "resent_of_id IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_emails_resent_of_id",
                table: "emails");

            migrationBuilder.DropColumn(
                name: "faults",
                table: "job_runs");

            migrationBuilder.DropColumn(
                name: "resent_of_id",
                table: "emails");
        }
    }
}
