using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BillingPortal.Migrations
{
    /// <inheritdoc />
    public partial class TenantWebhooks : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "tenant_webhook_endpoints",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    url = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: false),
                    description = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    events = table.Column<string[]>(type: "text[]", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    disabled_reason = table.Column<string>(type: "text", nullable: true),
                    disabled_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    secret = table.Column<string>(type: "text", nullable: false),
                    old_secret = table.Column<string>(type: "text", nullable: true),
                    old_secret_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    failing_since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    last_success_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    last_failure_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    is_slow = table.Column<bool>(type: "boolean", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    created_by = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_tenant_webhook_endpoints", x => x.id);
                    table.CheckConstraint("ck_tenant_webhook_endpoints_disabled", "(state = 'disabled') = (disabled_reason IS NOT NULL) AND (state = 'disabled') = (disabled_at IS NOT NULL)");
                    table.CheckConstraint("ck_tenant_webhook_endpoints_disabled_reason", "disabled_reason IN ('by_hand', 'failing', 'gone')");
                    table.CheckConstraint("ck_tenant_webhook_endpoints_old_secret", "(old_secret IS NULL) = (old_secret_until IS NULL)");
                    table.CheckConstraint("ck_tenant_webhook_endpoints_state", "state IN ('enabled', 'disabled')");
                    table.ForeignKey(
                        name: "fk_tenant_webhook_endpoints_tenants_tenant_id",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "tenant_webhook_messages",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    type = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    body = table.Column<string>(type: "text", nullable: false),
                    occurred_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_tenant_webhook_messages", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "tenant_webhook_deliveries",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    endpoint_id = table.Column<Guid>(type: "uuid", nullable: false),
                    message_id = table.Column<Guid>(type: "uuid", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    tries = table.Column<int>(type: "integer", nullable: false),
                    due_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    lease_id = table.Column<Guid>(type: "uuid", nullable: true),
                    leased_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    last_status = table.Column<int>(type: "integer", nullable: true),
                    last_error = table.Column<string>(type: "text", nullable: true),
                    last_milliseconds = table.Column<int>(type: "integer", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_tenant_webhook_deliveries", x => x.id);
                    table.CheckConstraint("ck_tenant_webhook_deliveries_ended", "(state = 'pending') = (ended_at IS NULL)");
                    table.CheckConstraint("ck_tenant_webhook_deliveries_lease", "(lease_id IS NULL) = (leased_until IS NULL)");
                    table.CheckConstraint("ck_tenant_webhook_deliveries_state", "state IN ('pending', 'delivered', 'failed', 'skipped')");
                    table.ForeignKey(
                        name: "fk_tenant_webhook_deliveries_tenant_webhook_endpoints_endpoint~",
                        column: x => x.endpoint_id,
                        principalTable: "tenant_webhook_endpoints",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_tenant_webhook_deliveries_tenant_webhook_messages_message_id",
                        column: x => x.message_id,
                        principalTable: "tenant_webhook_messages",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "tenant_webhook_attempts",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    delivery_id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    status = table.Column<int>(type: "integer", nullable: true),
                    milliseconds = table.Column<int>(type: "integer", nullable: false),
                    error = table.Column<string>(type: "text", nullable: true),
                    answer = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_tenant_webhook_attempts", x => x.id);
                    table.ForeignKey(
                        name: "fk_tenant_webhook_attempts_tenant_webhook_deliveries_delivery_~",
                        column: x => x.delivery_id,
                        principalTable: "tenant_webhook_deliveries",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_tenant_webhook_attempts_delivery_id",
                table: "tenant_webhook_attempts",
                column: "delivery_id");

            migrationBuilder.CreateIndex(
                name: "ix_tenant_webhook_deliveries_due",
                table: "tenant_webhook_deliveries",
                column: "due_at",
                filter: "state = 'pending'");

            migrationBuilder.CreateIndex(
                name: "ix_tenant_webhook_deliveries_endpoint_id_created_at_id",
                table: "tenant_webhook_deliveries",
                columns: new[] { "endpoint_id", "created_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_tenant_webhook_deliveries_endpoint_id_message_id",
                table: "tenant_webhook_deliveries",
                columns: new[] { "endpoint_id", "message_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_tenant_webhook_deliveries_leased",
                table: "tenant_webhook_deliveries",
                column: "endpoint_id",
                filter: "leased_until IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_tenant_webhook_deliveries_message_id",
                table: "tenant_webhook_deliveries",
                column: "message_id");

            migrationBuilder.CreateIndex(
                name: "ix_tenant_webhook_deliveries_waiting",
                table: "tenant_webhook_deliveries",
                columns: new[] { "endpoint_id", "due_at", "id" },
                filter: "state = 'pending'");

            migrationBuilder.CreateIndex(
                name: "ix_tenant_webhook_endpoints_tenant_id",
                table: "tenant_webhook_endpoints",
                column: "tenant_id");

            migrationBuilder.CreateIndex(
                name: "ix_tenant_webhook_messages_created_at",
                table: "tenant_webhook_messages",
                column: "created_at");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "tenant_webhook_attempts");

            migrationBuilder.DropTable(
                name: "tenant_webhook_deliveries");

            migrationBuilder.DropTable(
                name: "tenant_webhook_endpoints");

            migrationBuilder.DropTable(
                name: "tenant_webhook_messages");
        }
    }
}
