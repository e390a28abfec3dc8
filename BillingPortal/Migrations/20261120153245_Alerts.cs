using System;
using System.Collections.Generic;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BillingPortal.Migrations
{
    /// <inheritdoc />
    public partial class Alerts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropCheckConstraint(
                name: "ck_emails_sent",
                table: "emails");

            migrationBuilder.DropCheckConstraint(
                name: "ck_emails_state",
                table: "emails");

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "told_at",
                table: "emails",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "alert_settings",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    unit = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    threshold_e4 = table.Column<long>(type: "bigint", nullable: false),
                    changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    changed_by = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_alert_settings", x => new { x.tenant_id, x.unit });
                    table.CheckConstraint("ck_alert_settings_threshold", "threshold_e4 > 0");
                    table.CheckConstraint("ck_alert_settings_unit", "unit IN ('credits', 'usd')");
                });

            migrationBuilder.CreateTable(
                name: "alert_states",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    unit = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    level = table.Column<string>(type: "text", nullable: false),
                    band_from_e4 = table.Column<long>(type: "bigint", nullable: false),
                    band_to_e4 = table.Column<long>(type: "bigint", nullable: false),
                    rent_due_e4 = table.Column<long>(type: "bigint", nullable: false),
                    judged_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    mailed_level = table.Column<string>(type: "text", nullable: true),
                    mailed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    next_mail_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    mails = table.Column<int>(type: "integer", nullable: false),
                    mailed_seq = table.Column<long>(type: "bigint", nullable: false),
                    idle_reminded = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_alert_states", x => new { x.tenant_id, x.unit });
                    table.CheckConstraint("ck_alert_states_level", "level IN ('good', 'low', 'warning', 'critical')");
                    table.CheckConstraint("ck_alert_states_mailed", "(mails = 0) = (mailed_at IS NULL)");
                    table.CheckConstraint("ck_alert_states_mailed_level", "mailed_level IN ('good', 'low', 'warning', 'critical')");
                    table.CheckConstraint("ck_alert_states_unit", "unit IN ('credits', 'usd')");
                });

            migrationBuilder.CreateTable(
                name: "flagged_addresses",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    address = table.Column<string>(type: "text", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    detail = table.Column<string>(type: "text", nullable: true),
                    flagged_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    cleared_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    cleared_by = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_flagged_addresses", x => new { x.tenant_id, x.address });
                    table.CheckConstraint("ck_flagged_addresses_reason", "reason IN ('bounced', 'complained', 'suppressed')");
                    table.CheckConstraint("ck_flagged_addresses_spelling", "address = lower(address)");
                });

            migrationBuilder.CreateTable(
                name: "mail_preferences",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    email_enabled = table.Column<bool>(type: "boolean", nullable: false),
                    off_kinds = table.Column<List<string>>(type: "text[]", nullable: false),
                    override_address = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: true),
                    to_owners = table.Column<bool>(type: "boolean", nullable: false),
                    to_billing_admins = table.Column<bool>(type: "boolean", nullable: false),
                    to_viewers = table.Column<bool>(type: "boolean", nullable: false),
                    tests_since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    tests_sent = table.Column<int>(type: "integer", nullable: false),
                    changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    changed_by = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_mail_preferences", x => x.tenant_id);
                    table.CheckConstraint("ck_mail_preferences_somebody", "to_owners OR to_billing_admins OR to_viewers");
                    table.CheckConstraint("ck_mail_preferences_tests", "tests_sent >= 0");
                });

            migrationBuilder.CreateTable(
                name: "notifications",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    severity = table.Column<string>(type: "text", nullable: false),
                    title = table.Column<string>(type: "text", nullable: false),
                    text = table.Column<string>(type: "text", nullable: true),
                    link = table.Column<string>(type: "text", nullable: false),
                    key = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_notifications", x => x.id);
                    table.CheckConstraint("ck_notifications_link", "link LIKE '/%' AND link NOT LIKE '//%'");
                    table.CheckConstraint("ck_notifications_severity", "severity IN ('info', 'warning', 'critical')");
                });

            migrationBuilder.CreateTable(
                name: "notification_reads",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    notification_id = table.Column<Guid>(type: "uuid", nullable: false),
                    read_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_notification_reads", x => new { x.tenant_id, x.user_id, x.notification_id });
                    table.ForeignKey(
                        name: "fk_notification_reads_notifications_notification_id",
                        column: x => x.notification_id,
                        principalTable: "notifications",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_emails_provider_id",
                table: "emails",
                column: "provider_id",
                filter: "provider_id IS NOT NULL");

            migrationBuilder.AddCheckConstraint(
                name: "ck_emails_sent",
                table: "emails",
                sql: "CASE WHEN state IN ('pending', 'withheld') THEN sent_at IS NULL WHEN state = 'failed' THEN true ELSE sent_at IS NOT NULL END");

            migrationBuilder.AddCheckConstraint(
                name: "ck_emails_state",
                table: "emails",
                sql: "state IN ('pending', 'sent', 'delivered', 'bounced', 'complained', 'suppressed', 'failed', 'withheld')");

            migrationBuilder.CreateIndex(
                name: "ix_notification_reads_notification_id",
                table: "notification_reads",
                column: "notification_id");

            migrationBuilder.CreateIndex(
                name: "ix_notifications_tenant_id_created_at",
                table: "notifications",
                columns: new[] { "tenant_id", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_notifications_tenant_id_kind_key",
                table: "notifications",
                columns: new[] { "tenant_id", "kind", "key" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "alert_settings");

            migrationBuilder.DropTable(
                name: "alert_states");

            migrationBuilder.DropTable(
                name: "flagged_addresses");

            migrationBuilder.DropTable(
                name: "mail_preferences");

            migrationBuilder.DropTable(
                name: "notification_reads");

            migrationBuilder.DropTable(
                name: "notifications");

            migrationBuilder.DropIndex(
                name: "ix_emails_provider_id",
                table: "emails");

            migrationBuilder.DropCheckConstraint(
                name: "ck_emails_sent",
                table: "emails");

            migrationBuilder.DropCheckConstraint(
                name: "ck_emails_state",
                table: "emails");

            migrationBuilder.DropColumn(
                name: "told_at",
                table: "emails");

            migrationBuilder.AddCheckConstraint(
                name: "ck_emails_sent",
                table: "emails",
                sql: "(state = 'sent') = (sent_at IS NOT NULL)");

            migrationBuilder.AddCheckConstraint(
                name: "ck_emails_state",
                table: "emails",
                sql: "state IN ('pending', 'sent', 'failed')");
        }
    }
}
