using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BillingPortal.Migrations
{
    /// <inheritdoc />
    public partial class SmsReading : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_sms_messages_tenant_id_created_at_id",
                table: "sms_messages");

            migrationBuilder.CreateIndex(
                name: "ix_sms_opt_outs_newest",
                table: "sms_opt_outs",
                columns: new[] { "tenant_id", "opted_out_at", "number", "peer" });

            migrationBuilder.CreateIndex(
                name: "ix_sms_messages_peer",
                table: "sms_messages",
                columns: new[] { "tenant_id", "peer", "created_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_sms_messages_tenant_id_created_at_id",
                table: "sms_messages",
                columns: new[] { "tenant_id", "created_at", "id" })
                .Annotation("Npgsql:IndexInclude", new[] { "direction", "number", "country", "state", "payment", "unit", "price_e4" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_sms_opt_outs_newest",
                table: "sms_opt_outs");

            migrationBuilder.DropIndex(
                name: "ix_sms_messages_peer",
                table: "sms_messages");

            migrationBuilder.DropIndex(
                name: "ix_sms_messages_tenant_id_created_at_id",
                table: "sms_messages");

            migrationBuilder.CreateIndex(
                name: "ix_sms_messages_tenant_id_created_at_id",
                table: "sms_messages",
                columns: new[] { "tenant_id", "created_at", "id" });
        }
    }
}
