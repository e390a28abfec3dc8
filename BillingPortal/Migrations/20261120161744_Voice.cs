using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BillingPortal.Migrations
{
    /// <inheritdoc />
    public partial class Voice : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "voice_calls",
                columns: table => new
                {
                    call_sid = table.Column<string>(type: "text", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    from_number = table.Column<string>(type: "text", nullable: false),
                    to_number = table.Column<string>(type: "text", nullable: false),
                    direction = table.Column<string>(type: "text", nullable: false),
                    status = table.Column<string>(type: "text", nullable: false),
                    measured_seconds = table.Column<int>(type: "integer", nullable: true),
                    billed_seconds = table.Column<int>(type: "integer", nullable: true),
                    charge = table.Column<string>(type: "text", nullable: false),
                    unit = table.Column<string>(type: "text", nullable: true),
                    amount_e4 = table.Column<long>(type: "bigint", nullable: true),
                    hold_id = table.Column<Guid>(type: "uuid", nullable: true),
                    entry_seq = table.Column<long>(type: "bigint", nullable: true),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_voice_calls", x => x.call_sid);
                    table.CheckConstraint("ck_voice_calls_charge", "charge IN ('open', 'charged', 'not_charged')");
                    table.CheckConstraint("ck_voice_calls_charged", "(charge = 'charged') = (amount_e4 IS NOT NULL) AND (amount_e4 IS NULL) = (unit IS NULL) AND amount_e4 >= 0");
                    table.CheckConstraint("ck_voice_calls_direction", "direction IN ('inbound', 'outbound')");
                    table.CheckConstraint("ck_voice_calls_ended", "(charge = 'open') = (ended_at IS NULL)");
                    table.CheckConstraint("ck_voice_calls_seconds", "measured_seconds >= 0 AND billed_seconds >= 0");
                    table.CheckConstraint("ck_voice_calls_status", "status IN ('queued', 'ringing', 'in_progress', 'completed', 'busy', 'failed', 'no_answer', 'canceled')");
                    table.CheckConstraint("ck_voice_calls_unit", "unit IN ('credits', 'usd')");
                });

            migrationBuilder.CreateIndex(
                name: "ix_voice_calls_tenant_id_started_at_call_sid",
                table: "voice_calls",
                columns: new[] { "tenant_id", "started_at", "call_sid" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "voice_calls");
        }
    }
}
