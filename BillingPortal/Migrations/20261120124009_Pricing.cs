using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

#pragma warning disable CA1814 // Prefer jagged arrays over multidimensional

namespace BillingPortal.Migrations
{
    /// <inheritdoc />
    public partial class Pricing : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "credit_packages",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    code = table.Column<string>(type: "text", nullable: false),
                    credits = table.Column<long>(type: "bigint", nullable: false),
                    price_cents = table.Column<int>(type: "integer", nullable: false),
                    valid_from = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    valid_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_credit_packages", x => x.id);
                    table.CheckConstraint("ck_credit_packages_credits", "credits BETWEEN 1 AND 1000000");
                    table.CheckConstraint("ck_credit_packages_price", "price_cents BETWEEN 1 AND 1000000");
                    table.CheckConstraint("ck_credit_packages_span", "valid_until > valid_from");
                });

            migrationBuilder.CreateTable(
                name: "prices",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    plan = table.Column<string>(type: "text", nullable: false),
                    service = table.Column<string>(type: "text", nullable: false),
                    is_offered = table.Column<bool>(type: "boolean", nullable: false),
                    base_e4 = table.Column<long>(type: "bigint", nullable: false),
                    rate_e4 = table.Column<long>(type: "bigint", nullable: false),
                    per_started = table.Column<bool>(type: "boolean", nullable: false),
                    valid_from = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    valid_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_prices", x => x.id);
                    table.CheckConstraint("ck_prices_amounts", "base_e4 BETWEEN 0 AND 10000000000 AND rate_e4 BETWEEN 0 AND 10000000000");
                    table.CheckConstraint("ck_prices_plan", "plan IN ('credits', 'usd')");
                    table.CheckConstraint("ck_prices_service", "service IN ('voice', 'sms_outbound', 'sms_inbound', 'email', 'fax', 'file_transfer', 'number_set_up', 'number_monthly')");
                    table.CheckConstraint("ck_prices_span", "valid_until > valid_from");
                });

            migrationBuilder.CreateTable(
                name: "tenant_prices",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    plan = table.Column<string>(type: "text", nullable: false),
                    service = table.Column<string>(type: "text", nullable: false),
                    is_offered = table.Column<bool>(type: "boolean", nullable: false),
                    base_e4 = table.Column<long>(type: "bigint", nullable: false),
                    rate_e4 = table.Column<long>(type: "bigint", nullable: false),
                    per_started = table.Column<bool>(type: "boolean", nullable: false),
                    valid_from = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    valid_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_tenant_prices", x => x.id);
                    table.CheckConstraint("ck_tenant_prices_amounts", "base_e4 BETWEEN 0 AND 10000000000 AND rate_e4 BETWEEN 0 AND 10000000000");
                    table.CheckConstraint("ck_tenant_prices_plan", "plan IN ('credits', 'usd')");
                    table.CheckConstraint("ck_tenant_prices_service", "service IN ('voice', 'sms_outbound', 'sms_inbound', 'email', 'fax', 'file_transfer', 'number_set_up', 'number_monthly')");
                    table.CheckConstraint("ck_tenant_prices_span", "valid_until > valid_from");
                });

            migrationBuilder.InsertData(
                table: "credit_packages",
                columns: new[] { "id", "code", "credits", "price_cents", "valid_from", "valid_until" },
                values: new object[,]
                {
                    { new Guid("15ec9031-64d5-8b64-9f8e-f35a304a264b"), "credits-2500", 2500L, 5000, new DateTimeOffset(new DateTime(2000, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), null },
                    { new Guid("1759442a-695d-8bc7-ac42-14fe187b59eb"), "credits-500", 500L, 1200, new DateTimeOffset(new DateTime(2000, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), null },
                    { new Guid("3ae88581-50f7-8f6a-a3dd-b8f54a486dc9"), "credits-50", 50L, 150, new DateTimeOffset(new DateTime(2000, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), null },
                    { new Guid("76db0f18-8f4c-8e98-b4a6-f967fe2cd63a"), "credits-1000", 1000L, 2200, new DateTimeOffset(new DateTime(2000, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), null },
                    { new Guid("81e62ea7-64a1-8d77-9e15-74294fdb3b32"), "credits-100", 100L, 280, new DateTimeOffset(new DateTime(2000, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), null },
                    { new Guid("91484695-e542-8566-8090-bee16a6501f8"), "credits-250", 250L, 650, new DateTimeOffset(new DateTime(2000, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), null }
                });

            migrationBuilder.InsertData(
                table: "prices",
                columns: new[] { "id", "base_e4", "is_offered", "per_started", "plan", "rate_e4", "service", "valid_from", "valid_until" },
                values: new object[,]
                {
                    { new Guid("090d5c37-2c62-8498-abd0-337cd5443162"), 0L, true, false, "usd", 200L, "sms_outbound", new DateTimeOffset(new DateTime(2000, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), null },
                    { new Guid("37c0a1bd-cfc6-87e4-971e-5bc60a1df615"), 0L, true, false, "usd", 200L, "sms_inbound", new DateTimeOffset(new DateTime(2000, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), null },
                    { new Guid("5e942cd6-6264-8026-a354-cf849827d66d"), 0L, true, false, "usd", 500L, "file_transfer", new DateTimeOffset(new DateTime(2000, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), null },
                    { new Guid("601f5050-9bb1-862f-bb38-016ac9444681"), 0L, true, false, "credits", 10000L, "email", new DateTimeOffset(new DateTime(2000, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), null },
                    { new Guid("64c2e552-dc03-869a-9402-9f2b0e4b2028"), 0L, true, false, "usd", 100L, "email", new DateTimeOffset(new DateTime(2000, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), null },
                    { new Guid("7e69fb81-c112-846e-9a6b-e1245334f63c"), 0L, true, false, "credits", 1000000L, "number_monthly", new DateTimeOffset(new DateTime(2000, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), null },
                    { new Guid("8225463c-0eb9-8855-b3b8-dc1109634abe"), 0L, true, false, "credits", 10000L, "sms_inbound", new DateTimeOffset(new DateTime(2000, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), null },
                    { new Guid("826f8daf-092d-8039-aab0-5f9cd9173065"), 0L, true, false, "credits", 5000000L, "number_set_up", new DateTimeOffset(new DateTime(2000, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), null },
                    { new Guid("9d08e493-28fa-8692-b24c-6cc9531fa1ca"), 1000L, true, false, "usd", 500L, "voice", new DateTimeOffset(new DateTime(2000, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), null },
                    { new Guid("a09e97ea-2853-835c-8e74-60e9fb005d17"), 0L, true, false, "credits", 50000L, "sms_outbound", new DateTimeOffset(new DateTime(2000, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), null },
                    { new Guid("a9a25432-f843-81ec-9c3e-1415f5207ab3"), 0L, true, false, "usd", 50000L, "number_set_up", new DateTimeOffset(new DateTime(2000, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), null },
                    { new Guid("aa70296d-6883-8e7b-bbb7-0de76b19c0d7"), 0L, true, false, "usd", 1500L, "fax", new DateTimeOffset(new DateTime(2000, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), null },
                    { new Guid("af6b20ac-7587-8ee8-b9fb-17db2b8af7df"), 0L, true, true, "credits", 250000L, "voice", new DateTimeOffset(new DateTime(2000, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), null },
                    { new Guid("b8c53642-2620-86ff-81fb-3c3ebdc30a99"), 0L, true, false, "usd", 10000L, "number_monthly", new DateTimeOffset(new DateTime(2000, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)), null }
                });

            migrationBuilder.CreateIndex(
                name: "ix_credit_packages_code_valid_from",
                table: "credit_packages",
                columns: new[] { "code", "valid_from" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_prices_plan_service_valid_from",
                table: "prices",
                columns: new[] { "plan", "service", "valid_from" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_tenant_prices_tenant_id_plan_service_valid_from",
                table: "tenant_prices",
                columns: new[] { "tenant_id", "plan", "service", "valid_from" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "credit_packages");

            migrationBuilder.DropTable(
                name: "prices");

            migrationBuilder.DropTable(
                name: "tenant_prices");
        }
    }
}
