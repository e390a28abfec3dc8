using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BillingPortal.Migrations
{
    /// <inheritdoc />
    public partial class AutoRecharge : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "recharge_attempts",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    trigger = table.Column<string>(type: "text", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    unit = table.Column<string>(type: "text", nullable: false),
                    amount_e4 = table.Column<long>(type: "bigint", nullable: false),
                    bonus_e4 = table.Column<long>(type: "bigint", nullable: false),
                    price_cents = table.Column<long>(type: "bigint", nullable: false),
                    description = table.Column<string>(type: "text", nullable: false),
                    customer_id = table.Column<string>(type: "text", nullable: false),
                    cards = table.Column<string[]>(type: "text[]", nullable: false),
                    card_index = table.Column<int>(type: "integer", nullable: false),
                    reached_card = table.Column<bool>(type: "boolean", nullable: false),
                    payment_intent_id = table.Column<string>(type: "text", nullable: true),
                    decline_code = table.Column<string>(type: "text", nullable: true),
                    declined_card = table.Column<string>(type: "text", nullable: true),
                    link_hash = table.Column<byte[]>(type: "bytea", nullable: true),
                    link_expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    asked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    leased_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    is_cancel_due = table.Column<bool>(type: "boolean", nullable: false),
                    resolutions = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_recharge_attempts", x => x.id);
                    table.CheckConstraint("ck_recharge_attempts_amounts", "amount_e4 > 0 AND bonus_e4 >= 0 AND price_cents > 0");
                    table.CheckConstraint("ck_recharge_attempts_asked", "reached_card OR state IN ('recorded', 'canceled')");
                    table.CheckConstraint("ck_recharge_attempts_cards", "card_index >= 0 AND card_index < cardinality(cards)");
                    table.CheckConstraint("ck_recharge_attempts_ended", "(ended_at IS NULL) = (state IN ('recorded', 'charging', 'unknown', 'requires_action'))");
                    table.CheckConstraint("ck_recharge_attempts_state", "state IN ('recorded', 'charging', 'succeeded', 'requires_action', 'declined', 'unknown', 'canceled')");
                    table.CheckConstraint("ck_recharge_attempts_trigger", "trigger IN ('crossing', 'sweep', 'manual')");
                    table.CheckConstraint("ck_recharge_attempts_unit", "unit IN ('credits', 'usd')");
                });

            migrationBuilder.CreateTable(
                name: "recharge_evaluations",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    trigger = table.Column<string>(type: "text", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    unit = table.Column<string>(type: "text", nullable: false),
                    available_e4 = table.Column<long>(type: "bigint", nullable: false),
                    debt_e4 = table.Column<long>(type: "bigint", nullable: false),
                    threshold_e4 = table.Column<long>(type: "bigint", nullable: true),
                    price_cents = table.Column<long>(type: "bigint", nullable: true),
                    amount_e4 = table.Column<long>(type: "bigint", nullable: true),
                    cards = table.Column<int>(type: "integer", nullable: false),
                    until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    left_cents = table.Column<long>(type: "bigint", nullable: true),
                    spent_cents = table.Column<long>(type: "bigint", nullable: false),
                    last_hour_e4 = table.Column<long>(type: "bigint", nullable: true),
                    median_hour_e4 = table.Column<long>(type: "bigint", nullable: true),
                    attempt_id = table.Column<Guid>(type: "uuid", nullable: true),
                    evaluated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    last_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    times = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_recharge_evaluations", x => x.id);
                    table.CheckConstraint("ck_recharge_evaluations_reason", "reason IN ('charge', 'disabled', 'not_below_threshold', 'no_card', 'in_flight', 'cooldown', 'backoff', 'daily_limit', 'spending_limit', 'awaiting_authentication', 'paused_after_failures', 'spike_brake', 'dispute_open', 'no_package')");
                    table.CheckConstraint("ck_recharge_evaluations_trigger", "trigger IN ('crossing', 'sweep', 'manual')");
                    table.CheckConstraint("ck_recharge_evaluations_unit", "unit IN ('credits', 'usd')");
                });

            migrationBuilder.CreateTable(
                name: "recharge_rules",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    unit = table.Column<string>(type: "text", nullable: false),
                    enabled = table.Column<bool>(type: "boolean", nullable: false),
                    threshold_e4 = table.Column<long>(type: "bigint", nullable: false),
                    size = table.Column<string>(type: "text", nullable: false),
                    amount_e4 = table.Column<long>(type: "bigint", nullable: true),
                    package_id = table.Column<Guid>(type: "uuid", nullable: true),
                    cards = table.Column<string[]>(type: "text[]", nullable: false),
                    monthly_limit_cents = table.Column<long>(type: "bigint", nullable: true),
                    attempts_per_day = table.Column<int>(type: "integer", nullable: false),
                    paused_reason = table.Column<string>(type: "text", nullable: true),
                    paused_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    consecutive_failures = table.Column<int>(type: "integer", nullable: false),
                    backoff_since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    backoff_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    spike_confirmed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    limit_warned_month = table.Column<DateOnly>(type: "date", nullable: true),
                    limit_warned_percent = table.Column<int>(type: "integer", nullable: false),
                    last_triggered_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_by = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_recharge_rules", x => x.tenant_id);
                    table.CheckConstraint("ck_recharge_rules_amounts", "threshold_e4 >= 0 AND amount_e4 > 0 AND monthly_limit_cents > 0");
                    table.CheckConstraint("ck_recharge_rules_backoff", "(backoff_since IS NULL) = (backoff_until IS NULL)");
                    table.CheckConstraint("ck_recharge_rules_counts", "attempts_per_day BETWEEN 1 AND 1000 AND consecutive_failures >= 0");
                    table.CheckConstraint("ck_recharge_rules_pause", "(paused_reason IS NULL) = (paused_at IS NULL)");
                    table.CheckConstraint("ck_recharge_rules_paused_reason", "paused_reason IN ('failures', 'spike')");
                    table.CheckConstraint("ck_recharge_rules_size", "size IN ('amount', 'package', 'target')");
                    table.CheckConstraint("ck_recharge_rules_target", "size <> 'target' OR amount_e4 > threshold_e4");
                    table.CheckConstraint("ck_recharge_rules_unit", "unit IN ('credits', 'usd')");
                });

            migrationBuilder.CreateIndex(
                name: "ix_recharge_attempts_due",
                table: "recharge_attempts",
                column: "leased_until",
                filter: "state IN ('recorded', 'charging', 'unknown', 'requires_action') OR is_cancel_due");

            migrationBuilder.CreateIndex(
                name: "ix_recharge_attempts_payment_intent_id",
                table: "recharge_attempts",
                column: "payment_intent_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_recharge_attempts_tenant_id_started_at",
                table: "recharge_attempts",
                columns: new[] { "tenant_id", "started_at" });

            migrationBuilder.CreateIndex(
                name: "ux_recharge_attempts_open",
                table: "recharge_attempts",
                column: "tenant_id",
                unique: true,
                filter: "state IN ('recorded', 'charging', 'unknown', 'requires_action')");

            migrationBuilder.CreateIndex(
                name: "ix_recharge_evaluations_tenant_id_id",
                table: "recharge_evaluations",
                columns: new[] { "tenant_id", "id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "recharge_attempts");

            migrationBuilder.DropTable(
                name: "recharge_evaluations");

            migrationBuilder.DropTable(
                name: "recharge_rules");
        }
    }
}
