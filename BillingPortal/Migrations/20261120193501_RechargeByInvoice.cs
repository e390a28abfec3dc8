using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BillingPortal.Migrations
{
    /// <inheritdoc />
    public partial class RechargeByInvoice : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropCheckConstraint(
                name: "ck_recharge_evaluations_reason",
                table: "recharge_evaluations");

            migrationBuilder.DropCheckConstraint(
                name: "ck_recharge_attempts_cards",
                table: "recharge_attempts");

            migrationBuilder.AddColumn<bool>(
                name: "pays_by_invoice",
                table: "recharge_rules",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<Guid>(
                name: "invoice_id",
                table: "recharge_attempts",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddCheckConstraint(
                name: "ck_recharge_evaluations_reason",
                table: "recharge_evaluations",
                sql: "reason IN ('charge', 'disabled', 'not_below_threshold', 'no_card', 'in_flight', 'cooldown', 'backoff', 'daily_limit', 'spending_limit', 'awaiting_authentication', 'paused_after_failures', 'spike_brake', 'dispute_open', 'no_package', 'invoice_not_approved', 'invoice_unpaid', 'invoice_overdue', 'invoice_limit')");

            migrationBuilder.AddCheckConstraint(
                name: "ck_recharge_attempts_cards",
                table: "recharge_attempts",
                sql: "card_index >= 0 AND (card_index < cardinality(cards) OR invoice_id IS NOT NULL)");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropCheckConstraint(
                name: "ck_recharge_evaluations_reason",
                table: "recharge_evaluations");

            migrationBuilder.DropCheckConstraint(
                name: "ck_recharge_attempts_cards",
                table: "recharge_attempts");

            migrationBuilder.DropColumn(
                name: "pays_by_invoice",
                table: "recharge_rules");

            migrationBuilder.DropColumn(
                name: "invoice_id",
                table: "recharge_attempts");

            migrationBuilder.AddCheckConstraint(
                name: "ck_recharge_evaluations_reason",
                table: "recharge_evaluations",
                sql: "reason IN ('charge', 'disabled', 'not_below_threshold', 'no_card', 'in_flight', 'cooldown', 'backoff', 'daily_limit', 'spending_limit', 'awaiting_authentication', 'paused_after_failures', 'spike_brake', 'dispute_open', 'no_package')");

            migrationBuilder.AddCheckConstraint(
                name: "ck_recharge_attempts_cards",
                table: "recharge_attempts",
                sql: "card_index >= 0 AND card_index < cardinality(cards)");
        }
    }
}
