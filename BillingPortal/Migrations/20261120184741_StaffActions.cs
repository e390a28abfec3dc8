using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BillingPortal.Migrations
{
    /// <inheritdoc />
    public partial class StaffActions : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "staff_actions",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    attempt_key = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    unit = table.Column<string>(type: "text", nullable: false),
                    amount_e4 = table.Column<long>(type: "bigint", nullable: false),
                    debt_e4 = table.Column<long>(type: "bigint", nullable: false),
                    value_cents = table.Column<long>(type: "bigint", nullable: false),
                    purchase_id = table.Column<Guid>(type: "uuid", nullable: true),
                    payment_intent_id = table.Column<string>(type: "text", nullable: true),
                    refund_cents = table.Column<int>(type: "integer", nullable: true),
                    credits_expire_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    reason = table.Column<string>(type: "text", nullable: false),
                    tenant_note = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    internal_note = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    requested_by = table.Column<Guid>(type: "uuid", nullable: false),
                    requested_by_name = table.Column<string>(type: "text", nullable: false),
                    requested_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    is_above_limit = table.Column<bool>(type: "boolean", nullable: false),
                    is_above_day = table.Column<bool>(type: "boolean", nullable: false),
                    leaves_debt = table.Column<bool>(type: "boolean", nullable: false),
                    decided_by = table.Column<Guid>(type: "uuid", nullable: true),
                    decided_by_name = table.Column<string>(type: "text", nullable: true),
                    decided_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    decision_note = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    asks = table.Column<int>(type: "integer", nullable: false),
                    leased_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    refund_id = table.Column<string>(type: "text", nullable: true),
                    entry_seq = table.Column<long>(type: "bigint", nullable: true),
                    failure_code = table.Column<string>(type: "text", nullable: true),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_staff_actions", x => x.id);
                    table.CheckConstraint("ck_staff_actions_approved", "state NOT IN ('executing', 'done') OR decided_by IS NOT NULL OR NOT (is_above_limit OR is_above_day OR leaves_debt)");
                    table.CheckConstraint("ck_staff_actions_ended", "(ended_at IS NULL) = (state IN ('awaiting_approval', 'executing'))");
                    table.CheckConstraint("ck_staff_actions_figures", "(amount_e4 <> 0 OR kind = 'refund') AND debt_e4 >= 0 AND value_cents >= 0 AND refund_cents > 0");
                    table.CheckConstraint("ck_staff_actions_kind", "kind IN ('refund', 'adjustment')");
                    table.CheckConstraint("ck_staff_actions_lease", "(leased_until IS NOT NULL) = (state = 'executing')");
                    table.CheckConstraint("ck_staff_actions_reason", "reason IN ('requested_by_customer', 'service_problem', 'billing_error', 'duplicate', 'unrecognised', 'goodwill', 'promotion', 'correction')");
                    table.CheckConstraint("ck_staff_actions_refund", "(kind = 'refund') = (purchase_id IS NOT NULL AND payment_intent_id IS NOT NULL AND refund_cents IS NOT NULL) AND (kind = 'refund' OR refund_id IS NULL)");
                    table.CheckConstraint("ck_staff_actions_second_person", "decided_by <> requested_by");
                    table.CheckConstraint("ck_staff_actions_state", "state IN ('awaiting_approval', 'executing', 'done', 'refused', 'withdrawn', 'failed')");
                    table.CheckConstraint("ck_staff_actions_unit", "unit IN ('credits', 'usd')");
                    table.ForeignKey(
                        name: "fk_staff_actions_purchases_purchase_id",
                        column: x => x.purchase_id,
                        principalTable: "purchases",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_staff_actions_tenants_tenant_id",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_staff_actions_attempt_key",
                table: "staff_actions",
                column: "attempt_key",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_staff_actions_due",
                table: "staff_actions",
                column: "leased_until",
                filter: "state = 'executing'");

            migrationBuilder.CreateIndex(
                name: "ix_staff_actions_refund_id",
                table: "staff_actions",
                column: "refund_id",
                filter: "refund_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_staff_actions_requested_by_requested_at",
                table: "staff_actions",
                columns: new[] { "requested_by", "requested_at" });

            migrationBuilder.CreateIndex(
                name: "ix_staff_actions_tenant_id_requested_at",
                table: "staff_actions",
                columns: new[] { "tenant_id", "requested_at" });

            migrationBuilder.CreateIndex(
                name: "ix_staff_actions_waiting",
                table: "staff_actions",
                column: "requested_at",
                filter: "state = 'awaiting_approval'");

            migrationBuilder.CreateIndex(
                name: "ux_staff_actions_open_refund",
                table: "staff_actions",
                column: "purchase_id",
                unique: true,
                filter: "state IN ('awaiting_approval', 'executing') AND kind = 'refund'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "staff_actions");
        }
    }
}
