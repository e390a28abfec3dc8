using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BillingPortal.Migrations
{
    /// <inheritdoc />
    public partial class PurchasesAndCards : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "payment_methods",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    payment_method_id = table.Column<string>(type: "text", nullable: false),
                    brand = table.Column<string>(type: "text", nullable: false),
                    last4 = table.Column<string>(type: "text", nullable: false),
                    exp_month = table.Column<int>(type: "integer", nullable: false),
                    exp_year = table.Column<int>(type: "integer", nullable: false),
                    fingerprint = table.Column<string>(type: "text", nullable: true),
                    state = table.Column<string>(type: "text", nullable: false),
                    priority = table.Column<int>(type: "integer", nullable: false),
                    is_default = table.Column<bool>(type: "boolean", nullable: false),
                    last_decline_code = table.Column<string>(type: "text", nullable: true),
                    last_declined_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    issued_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    removed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_payment_methods", x => x.id);
                    table.CheckConstraint("ck_payment_methods_default_kept", "NOT is_default OR removed_at IS NULL");
                    table.CheckConstraint("ck_payment_methods_expiry", "exp_month BETWEEN 1 AND 12 AND exp_year BETWEEN 2000 AND 2999");
                    table.CheckConstraint("ck_payment_methods_last4", "last4 ~ '^[0-9]{4}$'");
                    table.CheckConstraint("ck_payment_methods_state", "state IN ('active', 'expiring', 'expired', 'needs_attention')");
                });

            migrationBuilder.CreateTable(
                name: "purchases",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    unit = table.Column<string>(type: "text", nullable: false),
                    credits_e4 = table.Column<long>(type: "bigint", nullable: false),
                    bonus_e4 = table.Column<long>(type: "bigint", nullable: false),
                    price_cents = table.Column<int>(type: "integer", nullable: false),
                    currency = table.Column<string>(type: "text", nullable: false),
                    package_code = table.Column<string>(type: "text", nullable: true),
                    state = table.Column<string>(type: "text", nullable: false),
                    attempt_key = table.Column<string>(type: "text", nullable: false),
                    payment_intent_id = table.Column<string>(type: "text", nullable: true),
                    checkout_session_id = table.Column<string>(type: "text", nullable: true),
                    payment_method_id = table.Column<string>(type: "text", nullable: true),
                    card_brand = table.Column<string>(type: "text", nullable: true),
                    card_last4 = table.Column<string>(type: "text", nullable: true),
                    save_card = table.Column<bool>(type: "boolean", nullable: false),
                    enable_auto_recharge = table.Column<bool>(type: "boolean", nullable: false),
                    confirmations = table.Column<int>(type: "integer", nullable: false),
                    asked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    decline_code = table.Column<string>(type: "text", nullable: true),
                    charge_id = table.Column<string>(type: "text", nullable: true),
                    refunded_cents = table.Column<int>(type: "integer", nullable: false),
                    dispute = table.Column<string>(type: "text", nullable: true),
                    review_reason = table.Column<string>(type: "text", nullable: true),
                    started_by = table.Column<Guid>(type: "uuid", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    settled_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_purchases", x => x.id);
                    table.CheckConstraint("ck_purchases_afterwards", "settled_at IS NOT NULL OR (refunded_cents = 0 AND dispute IS NULL)");
                    table.CheckConstraint("ck_purchases_amounts", "credits_e4 > 0 AND bonus_e4 >= 0 AND price_cents > 0 AND refunded_cents BETWEEN 0 AND price_cents");
                    table.CheckConstraint("ck_purchases_attempt_key", "length(attempt_key) BETWEEN 1 AND 255");
                    table.CheckConstraint("ck_purchases_dispute", "dispute IN ('open', 'won', 'lost')");
                    table.CheckConstraint("ck_purchases_kind", "kind IN ('on_session', 'checkout', 'auto_recharge')");
                    table.CheckConstraint("ck_purchases_settled", "(state = 'settled') = (settled_at IS NOT NULL) AND (state <> 'settled' OR payment_intent_id IS NOT NULL)");
                    table.CheckConstraint("ck_purchases_state", "state IN ('started', 'requires_action', 'processing', 'settled', 'failed', 'canceled')");
                    table.CheckConstraint("ck_purchases_unit", "unit IN ('credits', 'usd')");
                });

            migrationBuilder.CreateTable(
                name: "stripe_customers",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    customer_id = table.Column<string>(type: "text", nullable: true),
                    idempotency_key = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    email = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_stripe_customers", x => x.tenant_id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_payment_methods_payment_method_id",
                table: "payment_methods",
                column: "payment_method_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_payment_methods_tenant_id_priority",
                table: "payment_methods",
                columns: new[] { "tenant_id", "priority" });

            migrationBuilder.CreateIndex(
                name: "ux_payment_methods_default",
                table: "payment_methods",
                column: "tenant_id",
                unique: true,
                filter: "is_default");

            migrationBuilder.CreateIndex(
                name: "ux_payment_methods_same_card",
                table: "payment_methods",
                columns: new[] { "tenant_id", "fingerprint", "exp_year", "exp_month" },
                unique: true,
                filter: "removed_at IS NULL AND fingerprint IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_purchases_checkout_session_id",
                table: "purchases",
                column: "checkout_session_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_purchases_open",
                table: "purchases",
                column: "updated_at",
                filter: "state IN ('started', 'requires_action', 'processing')");

            migrationBuilder.CreateIndex(
                name: "ix_purchases_payment_intent_id",
                table: "purchases",
                column: "payment_intent_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_purchases_tenant_id_attempt_key",
                table: "purchases",
                columns: new[] { "tenant_id", "attempt_key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_purchases_tenant_id_created_at",
                table: "purchases",
                columns: new[] { "tenant_id", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ux_purchases_switch_on_bonus",
                table: "purchases",
                column: "tenant_id",
                unique: true,
                filter: "bonus_e4 > 0 AND kind <> 'auto_recharge' AND state = 'settled'");

            migrationBuilder.CreateIndex(
                name: "ix_stripe_customers_customer_id",
                table: "stripe_customers",
                column: "customer_id",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "payment_methods");

            migrationBuilder.DropTable(
                name: "purchases");

            migrationBuilder.DropTable(
                name: "stripe_customers");
        }
    }
}
