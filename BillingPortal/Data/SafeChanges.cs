using Microsoft.EntityFrameworkCore.Migrations;

namespace BillingPortal.Data;

/// <summary>
/// Constraints on tables that are in use, in two migrations: the first binds new rows and takes a moment, the second proves the old
/// ones while everybody goes on writing.
/// </summary>
internal static class SafeChanges
{
    public static void AddCheckNotValid(this MigrationBuilder migration, string table, string name, string condition) =>
        migration.Sql($"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({condition}) NOT VALID;");

    /// <summary>An enum has one more value: the wider check takes the place of the narrower one, which has proven the old rows.</summary>
    public static void WidenCheck(this MigrationBuilder migration, string table, string name, string condition) =>
        migration.Sql(
            $"ALTER TABLE {table} DROP CONSTRAINT {name}, ADD CONSTRAINT {name} CHECK ({condition}) NOT VALID;");

    public static void AddForeignKeyNotValid(
        this MigrationBuilder migration, string table, string name, string column, string principal) =>
        migration.Sql(
            $"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({column}) REFERENCES {principal} NOT VALID;");

    /// <summary>In a migration after the one that added it: else the first one's lock is held while every row is read.</summary>
    public static void ValidateConstraint(this MigrationBuilder migration, string table, string name) =>
        migration.Sql($"ALTER TABLE {table} VALIDATE CONSTRAINT {name};");
}
