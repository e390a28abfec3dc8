using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BillingPortal.Migrations
{
    /// <inheritdoc />
    public partial class SingleSignOn : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "sso_connections",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    issuer = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: false),
                    client_id = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    client_secret_protected = table.Column<string>(type: "character varying(4000)", maxLength: 4000, nullable: true),
                    role_claim = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    role_rules = table.Column<string>(type: "character varying(8000)", maxLength: 8000, nullable: false),
                    default_role = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    lets_people_join = table.Column<bool>(type: "boolean", nullable: false),
                    is_required = table.Column<bool>(type: "boolean", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sso_connections", x => x.tenant_id);
                    table.CheckConstraint("ck_sso_connections_default_role", "default_role IN ('billing_admin', 'viewer')");
                    table.ForeignKey(
                        name: "fk_sso_connections_tenants_tenant_id",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "sso_identities",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    issuer = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: false),
                    subject = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    last_sign_in_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sso_identities", x => new { x.tenant_id, x.issuer, x.subject });
                    table.ForeignKey(
                        name: "fk_sso_identities_tenants_tenant_id",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_sso_identities_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "sso_used_states",
                columns: table => new
                {
                    state_sha256 = table.Column<byte[]>(type: "bytea", nullable: false),
                    used_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sso_used_states", x => x.state_sha256);
                });

            migrationBuilder.CreateTable(
                name: "sso_domains",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    domain = table.Column<string>(type: "character varying(253)", maxLength: 253, nullable: false),
                    confirmed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    confirmed_by = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sso_domains", x => new { x.tenant_id, x.domain });
                    table.CheckConstraint("ck_sso_domains_confirmed", "(confirmed_at IS NULL) = (confirmed_by IS NULL)");
                    table.CheckConstraint("ck_sso_domains_domain", "domain = lower(domain) AND domain ~ '^[a-z0-9.-]+$'");
                    table.ForeignKey(
                        name: "fk_sso_domains_sso_connections_tenant_id",
                        column: x => x.tenant_id,
                        principalTable: "sso_connections",
                        principalColumn: "tenant_id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_sso_domains_domain",
                table: "sso_domains",
                column: "domain",
                unique: true,
                filter: "confirmed_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_sso_identities_tenant_id_user_id_issuer",
                table: "sso_identities",
                columns: new[] { "tenant_id", "user_id", "issuer" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_sso_identities_user_id",
                table: "sso_identities",
                column: "user_id");

            migrationBuilder.CreateIndex(
                name: "ix_sso_used_states_used_at",
                table: "sso_used_states",
                column: "used_at");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "sso_domains");

            migrationBuilder.DropTable(
                name: "sso_identities");

            migrationBuilder.DropTable(
                name: "sso_used_states");

            migrationBuilder.DropTable(
                name: "sso_connections");
        }
    }
}
