using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BillingPortal.Migrations
{
    /// <inheritdoc />
    public partial class Ledger : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "accounts",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    unit = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    balance_e4 = table.Column<long>(type: "bigint", nullable: false),
                    held_e4 = table.Column<long>(type: "bigint", nullable: false),
                    debt_e4 = table.Column<long>(type: "bigint", nullable: false),
                    last_seq = table.Column<long>(type: "bigint", nullable: false),
                    last_debt_seq = table.Column<long>(type: "bigint", nullable: false),
                    recharge_below_e4 = table.Column<long>(type: "bigint", nullable: true),
                    crossings = table.Column<long>(type: "bigint", nullable: false),
                    has_side_keys = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_accounts", x => new { x.tenant_id, x.unit });
                    table.CheckConstraint("ck_accounts_figures", "balance_e4 >= 0 AND held_e4 >= 0 AND held_e4 <= balance_e4 AND debt_e4 >= 0 AND (debt_e4 = 0 OR held_e4 = balance_e4)");
                    table.CheckConstraint("ck_accounts_unit", "unit IN ('credits', 'usd')");
                })
                .Annotation("Npgsql:StorageParameter:fillfactor", 60);

            migrationBuilder.CreateTable(
                name: "debt_entries",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    unit = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    seq = table.Column<long>(type: "bigint", nullable: false),
                    amount_e4 = table.Column<long>(type: "bigint", nullable: false),
                    debt_after_e4 = table.Column<long>(type: "bigint", nullable: false),
                    occurred_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    posted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    idempotency_key = table.Column<Guid>(type: "uuid", nullable: false),
                    entry_seq = table.Column<long>(type: "bigint", nullable: true),
                    kind = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    counter_account = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    service = table.Column<string>(type: "text", nullable: true),
                    reference = table.Column<string>(type: "text", nullable: true),
                    cause_type = table.Column<string>(type: "text", nullable: false),
                    cause_id = table.Column<string>(type: "text", nullable: true),
                    hold_id = table.Column<Guid>(type: "uuid", nullable: true),
                    note = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_debt_entries", x => new { x.tenant_id, x.unit, x.seq });
                    table.CheckConstraint("ck_debt_entries_counter_account", "counter_account IN ('card_clearing', 'bonus', 'voice_revenue', 'sms_revenue', 'email_revenue', 'fax_revenue', 'file_transfer_revenue', 'rent_revenue', 'refund', 'expiry', 'adjustment', 'debt')");
                    table.CheckConstraint("ck_debt_entries_figures", "amount_e4 <> 0 AND debt_after_e4 >= 0 AND seq > 0");
                    table.CheckConstraint("ck_debt_entries_kind", "kind IN ('purchase', 'bonus', 'usage', 'hold_capture', 'rent', 'set_up', 'refund', 'dispute', 'debt_repayment', 'adjustment', 'expiry', 'correction', 'settlement')");
                    table.CheckConstraint("ck_debt_entries_unit", "unit IN ('credits', 'usd')");
                });

            migrationBuilder.CreateTable(
                name: "entries",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    unit = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    seq = table.Column<long>(type: "bigint", nullable: false),
                    amount_e4 = table.Column<long>(type: "bigint", nullable: false),
                    balance_after_e4 = table.Column<long>(type: "bigint", nullable: false),
                    occurred_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    posted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    idempotency_key = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    counter_account = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    service = table.Column<string>(type: "text", nullable: true),
                    reference = table.Column<string>(type: "text", nullable: true),
                    cause_type = table.Column<string>(type: "text", nullable: false),
                    cause_id = table.Column<string>(type: "text", nullable: true),
                    hold_id = table.Column<Guid>(type: "uuid", nullable: true),
                    reverses_seq = table.Column<long>(type: "bigint", nullable: true),
                    note = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_entries", x => new { x.tenant_id, x.unit, x.seq });
                    table.CheckConstraint("ck_entries_counter_account", "counter_account IN ('card_clearing', 'bonus', 'voice_revenue', 'sms_revenue', 'email_revenue', 'fax_revenue', 'file_transfer_revenue', 'rent_revenue', 'refund', 'expiry', 'adjustment', 'debt')");
                    table.CheckConstraint("ck_entries_figures", "amount_e4 <> 0 AND balance_after_e4 >= 0 AND seq > 0");
                    table.CheckConstraint("ck_entries_kind", "kind IN ('purchase', 'bonus', 'usage', 'hold_capture', 'rent', 'set_up', 'refund', 'dispute', 'debt_repayment', 'adjustment', 'expiry', 'correction', 'settlement')");
                    table.CheckConstraint("ck_entries_unit", "unit IN ('credits', 'usd')");
                });

            migrationBuilder.CreateTable(
                name: "holds",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    unit = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    amount_e4 = table.Column<long>(type: "bigint", nullable: false),
                    available_after_e4 = table.Column<long>(type: "bigint", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    captured_e4 = table.Column<long>(type: "bigint", nullable: true),
                    idempotency_key = table.Column<Guid>(type: "uuid", nullable: false),
                    ended_by_key = table.Column<Guid>(type: "uuid", nullable: true),
                    service = table.Column<string>(type: "text", nullable: true),
                    reference = table.Column<string>(type: "text", nullable: true),
                    cause_type = table.Column<string>(type: "text", nullable: false),
                    cause_id = table.Column<string>(type: "text", nullable: true),
                    note = table.Column<string>(type: "text", nullable: true),
                    occurred_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    posted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_holds", x => x.id);
                    table.CheckConstraint("ck_holds_amount", "amount_e4 > 0");
                    table.CheckConstraint("ck_holds_end", "(state = 'open') = (ended_at IS NULL) AND (state = 'open') = (ended_by_key IS NULL) AND (state = 'captured') = (captured_e4 IS NOT NULL)");
                    table.CheckConstraint("ck_holds_state", "state IN ('open', 'captured', 'released', 'expired')");
                    table.CheckConstraint("ck_holds_unit", "unit IN ('credits', 'usd')");
                });

            migrationBuilder.CreateTable(
                name: "ledger_proofs",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    unit = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    seq = table.Column<long>(type: "bigint", nullable: false),
                    balance_e4 = table.Column<long>(type: "bigint", nullable: false),
                    debt_seq = table.Column<long>(type: "bigint", nullable: false),
                    debt_e4 = table.Column<long>(type: "bigint", nullable: false),
                    proven_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_ledger_proofs", x => new { x.tenant_id, x.unit });
                    table.CheckConstraint("ck_ledger_proofs_unit", "unit IN ('credits', 'usd')");
                });

            migrationBuilder.CreateTable(
                name: "recharge_requests",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    unit = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    crossed_seq = table.Column<long>(type: "bigint", nullable: false),
                    requested_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    done_version = table.Column<long>(type: "bigint", nullable: false),
                    leased_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    attempts = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_recharge_requests", x => x.tenant_id);
                    table.CheckConstraint("ck_recharge_requests_unit", "unit IN ('credits', 'usd')");
                    table.CheckConstraint("ck_recharge_requests_versions", "done_version >= 0 AND done_version <= version");
                });

            migrationBuilder.CreateIndex(
                name: "ix_debt_entries_idempotency_key_tenant_id",
                table: "debt_entries",
                columns: new[] { "idempotency_key", "tenant_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_entries_idempotency_key_tenant_id",
                table: "entries",
                columns: new[] { "idempotency_key", "tenant_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_holds_due",
                table: "holds",
                column: "expires_at",
                filter: "state = 'open'");

            migrationBuilder.CreateIndex(
                name: "ix_holds_ended_by_key_tenant_id",
                table: "holds",
                columns: new[] { "ended_by_key", "tenant_id" },
                unique: true,
                filter: "ended_by_key IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_holds_idempotency_key_tenant_id",
                table: "holds",
                columns: new[] { "idempotency_key", "tenant_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_holds_open",
                table: "holds",
                columns: new[] { "tenant_id", "unit" },
                filter: "state = 'open'");

            migrationBuilder.CreateIndex(
                name: "ix_holds_tenant_id_reference_service",
                table: "holds",
                columns: new[] { "tenant_id", "reference", "service" },
                unique: true,
                filter: "reference IS NOT NULL")
                .Annotation("Npgsql:NullsDistinct", false);

            migrationBuilder.CreateIndex(
                name: "ix_recharge_requests_pending",
                table: "recharge_requests",
                column: "requested_at",
                filter: "done_version < version");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "accounts");

            migrationBuilder.DropTable(
                name: "debt_entries");

            migrationBuilder.DropTable(
                name: "entries");

            migrationBuilder.DropTable(
                name: "holds");

            migrationBuilder.DropTable(
                name: "ledger_proofs");

            migrationBuilder.DropTable(
                name: "recharge_requests");
        }
    }
}
