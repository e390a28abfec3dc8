using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BillingPortal.Migrations
{
    /// <inheritdoc />
    public partial class Communication : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "phone_numbers",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<string>(type: "text", nullable: false),
                    country = table.Column<string>(type: "text", nullable: false),
                    label = table.Column<string>(type: "text", nullable: true),
                    provider_sid = table.Column<string>(type: "text", nullable: true),
                    state = table.Column<string>(type: "text", nullable: false),
                    unit = table.Column<string>(type: "text", nullable: false),
                    monthly_cost_e4 = table.Column<long>(type: "bigint", nullable: true),
                    set_up_hold_id = table.Column<Guid>(type: "uuid", nullable: true),
                    anchor_day = table.Column<int>(type: "integer", nullable: false),
                    next_billing_date = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    suspended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    next_retry_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    acquired_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    released_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    trouble = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_phone_numbers", x => x.id);
                    table.CheckConstraint("ck_phone_numbers_bought", "state NOT IN ('active', 'suspended') OR (provider_sid IS NOT NULL AND acquired_at IS NOT NULL AND next_billing_date IS NOT NULL AND anchor_day BETWEEN 1 AND 31)");
                    table.CheckConstraint("ck_phone_numbers_monthly_cost", "monthly_cost_e4 >= 0");
                    table.CheckConstraint("ck_phone_numbers_number", "number ~ '^\\+[1-9][0-9]{6,14}$'");
                    table.CheckConstraint("ck_phone_numbers_state", "state IN ('buying', 'active', 'suspended', 'releasing', 'released', 'not_bought')");
                    table.CheckConstraint("ck_phone_numbers_suspended", "(state = 'suspended') = (suspended_at IS NOT NULL)");
                    table.CheckConstraint("ck_phone_numbers_unit", "unit IN ('credits', 'usd')");
                });

            migrationBuilder.CreateTable(
                name: "sms_messages",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    direction = table.Column<string>(type: "text", nullable: false),
                    number = table.Column<string>(type: "text", nullable: false),
                    peer = table.Column<string>(type: "text", nullable: false),
                    country = table.Column<string>(type: "text", nullable: false),
                    body = table.Column<string>(type: "text", nullable: false),
                    segments = table.Column<int>(type: "integer", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    payment = table.Column<string>(type: "text", nullable: false),
                    unit = table.Column<string>(type: "text", nullable: false),
                    price_e4 = table.Column<long>(type: "bigint", nullable: false),
                    hold_id = table.Column<Guid>(type: "uuid", nullable: true),
                    entry_seq = table.Column<long>(type: "bigint", nullable: true),
                    provider_sid = table.Column<string>(type: "text", nullable: true),
                    error_code = table.Column<int>(type: "integer", nullable: true),
                    reply_to_id = table.Column<Guid>(type: "uuid", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    check_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sms_messages", x => x.id);
                    table.CheckConstraint("ck_sms_messages_charged", "payment NOT IN ('charged', 'refunded') OR entry_seq IS NOT NULL");
                    table.CheckConstraint("ck_sms_messages_direction", "direction IN ('outbound', 'inbound')");
                    table.CheckConstraint("ck_sms_messages_payment", "payment IN ('free', 'held', 'charged', 'released', 'refunded', 'unpaid')");
                    table.CheckConstraint("ck_sms_messages_price", "price_e4 >= 0 AND segments >= 0");
                    table.CheckConstraint("ck_sms_messages_received", "(direction = 'inbound') = (state = 'received')");
                    table.CheckConstraint("ck_sms_messages_state", "state IN ('recorded', 'unknown', 'queued', 'sending', 'sent', 'delivered', 'undelivered', 'failed', 'refused', 'received')");
                    table.CheckConstraint("ck_sms_messages_unit", "unit IN ('credits', 'usd')");
                });

            migrationBuilder.CreateTable(
                name: "sms_opt_outs",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<string>(type: "text", nullable: false),
                    peer = table.Column<string>(type: "text", nullable: false),
                    source = table.Column<string>(type: "text", nullable: false),
                    opted_out_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sms_opt_outs", x => new { x.tenant_id, x.number, x.peer });
                    table.CheckConstraint("ck_sms_opt_outs_source", "source IN ('keyword', 'provider', 'manual')");
                });

            migrationBuilder.CreateTable(
                name: "sms_settings",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    countries = table.Column<string[]>(type: "text[]", nullable: true),
                    auto_reply = table.Column<string>(type: "text", nullable: true),
                    per_minute_max = table.Column<int>(type: "integer", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sms_settings", x => x.tenant_id);
                    table.CheckConstraint("ck_sms_settings", "per_minute_max > 0 AND length(auto_reply) BETWEEN 1 AND 1600");
                });

            migrationBuilder.CreateTable(
                name: "sms_steps",
                columns: table => new
                {
                    message_id = table.Column<Guid>(type: "uuid", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    error_code = table.Column<int>(type: "integer", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sms_steps", x => new { x.message_id, x.state });
                    table.CheckConstraint("ck_sms_steps_state", "state IN ('recorded', 'unknown', 'queued', 'sending', 'sent', 'delivered', 'undelivered', 'failed', 'refused', 'received')");
                });

            migrationBuilder.CreateTable(
                name: "number_rents",
                columns: table => new
                {
                    number_id = table.Column<Guid>(type: "uuid", nullable: false),
                    period_start = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    period_end = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    unit = table.Column<string>(type: "text", nullable: false),
                    amount_e4 = table.Column<long>(type: "bigint", nullable: false),
                    entry_seq = table.Column<long>(type: "bigint", nullable: true),
                    paid_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_number_rents", x => new { x.number_id, x.period_start });
                    table.CheckConstraint("ck_number_rents_period", "period_end > period_start AND amount_e4 >= 0");
                    table.CheckConstraint("ck_number_rents_unit", "unit IN ('credits', 'usd')");
                    table.ForeignKey(
                        name: "fk_number_rents_phone_numbers_number_id",
                        column: x => x.number_id,
                        principalTable: "phone_numbers",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_number_rents_tenant_id_paid_at",
                table: "number_rents",
                columns: new[] { "tenant_id", "paid_at" });

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

            migrationBuilder.CreateIndex(
                name: "ix_phone_numbers_tenant_id_created_at",
                table: "phone_numbers",
                columns: new[] { "tenant_id", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ux_phone_numbers_in_use",
                table: "phone_numbers",
                column: "number",
                unique: true,
                filter: "state NOT IN ('released', 'not_bought')");

            migrationBuilder.CreateIndex(
                name: "ix_sms_messages_check",
                table: "sms_messages",
                columns: new[] { "check_at", "id" },
                filter: "check_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_sms_messages_provider_sid",
                table: "sms_messages",
                column: "provider_sid",
                unique: true,
                filter: "provider_sid IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_sms_messages_tenant_id_created_at_id",
                table: "sms_messages",
                columns: new[] { "tenant_id", "created_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_sms_messages_unpaid",
                table: "sms_messages",
                columns: new[] { "tenant_id", "created_at", "id" },
                filter: "payment = 'unpaid'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "number_rents");

            migrationBuilder.DropTable(
                name: "sms_messages");

            migrationBuilder.DropTable(
                name: "sms_opt_outs");

            migrationBuilder.DropTable(
                name: "sms_settings");

            migrationBuilder.DropTable(
                name: "sms_steps");

            migrationBuilder.DropTable(
                name: "phone_numbers");
        }
    }
}
