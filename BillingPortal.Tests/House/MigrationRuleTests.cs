using System.Reflection;
using System.Text.RegularExpressions;
using BillingPortal.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace BillingPortal.Tests.House;

/// <summary>
/// A release is rolled out process by process, and the schema first: every migration is something the release before can work on. The
/// rule and its reasons: docs/adr/0009, how to keep it: docs/operations/upgrade.md.
/// </summary>
public sealed partial class MigrationRuleTests
{
    // The last migration that was made before anybody had to be upgraded without a break.
    private const string Baseline = "20261121005848_RechargeSweep";

    [Fact]
    public void Every_migration_can_run_beside_the_release_before()
    {
        using var db = new DesignTimeFactory().CreateDbContext([]);
        var assembly = db.GetService<IMigrationsAssembly>();
        var violations = from migration in assembly.Migrations
                         where string.CompareOrdinal(migration.Key, Baseline) > 0
                         where migration.Value.GetCustomAttribute<AcceptedRiskAttribute>() is not { Reason.Length: > 20 }
                         let operations = assembly.CreateMigration(migration.Value, db.Database.ProviderName!).UpOperations
                         from violation in MigrationRules.Violations(operations)
                         select $"{migration.Key}: {violation}";

        Assert.Empty(violations);
    }

    [Fact]
    public void What_the_release_before_does_not_notice_is_allowed() => Assert.Empty(Violations(migration =>
    {
        migration.AddColumn<string>("note", "purchases", nullable: true);
        migration.AddColumn<bool>("is_told", "purchases", nullable: false, defaultValue: false);
        migration.AddColumn<DateTimeOffset>("seen_at", "purchases", nullable: false, defaultValueSql: "now()");
        migration.CreateTable("fresh", table => new { Id = table.Column<Guid>() });
        migration.CreateIndex("ix_fresh_id", "fresh", "id", unique: true);
        migration.AddCheckConstraint("ck_fresh", "fresh", "id IS NOT NULL");
        migration.DropCheckConstraint("ck_purchases_state", "purchases");
        migration.AddCheckNotValid("purchases", "ck_purchases_note", "length(note) < 200");
        migration.WidenCheck("purchases", "ck_purchases_kind", "kind IN ('card', 'bank', 'cash')");
        migration.AddForeignKeyNotValid("purchases", "fk_purchases_note", "note_id", "notes (id)");
    }));

    [Fact]
    public void An_index_built_concurrently_alone_is_allowed() => Assert.Empty(Violations(migration =>
        migration.CreateIndex("ix_entries_note", "entries", "note").Annotation("Npgsql:CreatedConcurrently", true)));

    [Fact]
    public void A_constraint_is_validated_in_a_migration_of_its_own() => Assert.Empty(
        Violations(migration => migration.ValidateConstraint("purchases", "ck_purchases_note")));

    public static TheoryData<string, Action<MigrationBuilder>> Forbidden => new()
    {
        { "is dropped", migration => migration.DropColumn("note", "purchases") },
        { "is dropped", migration => migration.DropTable("purchases") },
        { "is dropped", migration => migration.DropIndex("ix_purchases_state", "purchases") },
        { "not known", migration => migration.RenameColumn("note", "purchases", "remark") },
        { "not known", migration => migration.RenameTable("purchases", newName: "orders") },
        { "changes type", migration => migration.AlterColumn<long>("price", "purchases", oldClrType: typeof(int)) },
        { "without a default", migration => migration.AddColumn<string>("note", "purchases", nullable: false) },
        { "rewrites", migration => migration.AddColumn<Guid>("mark", "purchases", defaultValueSql: "gen_random_uuid()") },
        { "rewrites", migration => migration.AddColumn<int>("twice", "purchases", computedColumnSql: "price * 2", stored: true) },
        { "blocks its writers", migration => migration.CreateIndex("ix_purchases_note", "purchases", "note") },
        { "unique index", migration => migration.CreateIndex("ix_purchases_note", "purchases", "note", unique: true) },
        { "reads every row", migration => migration.AddCheckConstraint("ck_purchases_note", "purchases", "note <> ''") },
        { "reads every row", migration => migration.AddForeignKey("fk", "purchases", "note_id", "notes", principalColumn: "id") },
        { "not known", migration => migration.Sql("UPDATE purchases SET note = ''") },
        { "not known", migration => migration.Sql("ALTER TABLE purchases ALTER COLUMN note SET NOT NULL") },
        { "not known", migration => migration.UpdateData("packages", "id", "credits-50", "price_cents", 200L) },
        { "shares its migration", migration =>
            {
                migration.CreateIndex("ix_entries_note", "entries", "note").Annotation("Npgsql:CreatedConcurrently", true);
                migration.AddColumn<string>("note", "purchases", nullable: true);
            } },
        { "validated in one migration", migration =>
            {
                migration.AddCheckNotValid("purchases", "ck_purchases_note", "note <> ''");
                migration.ValidateConstraint("purchases", "ck_purchases_note");
            } },
    };

    [Theory, MemberData(nameof(Forbidden), DisableDiscoveryEnumeration = true)]
    public void What_would_break_or_block_the_release_before_is_refused(string because, Action<MigrationBuilder> change) =>
        Assert.Contains(Violations(change), violation => violation.Contains(because, StringComparison.Ordinal));

    // Repeatable scripts run in one transaction: an index among them would stop the table's writers until its end.
    [Fact]
    public void Indexes_of_scripts_stand_in_files_of_their_own_and_are_built_concurrently()
    {
        var plain = from name in MigrationScripts.Names().Where(name => !MigrationScripts.IsIndexes(name))
                    where AnyIndex().IsMatch(MigrationScripts.Read(name))
                    select name;
        var blocking = from name in MigrationScripts.Names().Where(MigrationScripts.IsIndexes)
                       from statement in MigrationScripts.Statements(MigrationScripts.Read(name))
                       where !RepeatableIndex().IsMatch(statement)
                       select $"{name}: {statement}";

        Assert.Empty(plain.Concat(blocking));
    }

    private static List<string> Violations(Action<MigrationBuilder> change)
    {
        var builder = new MigrationBuilder("Npgsql.EntityFrameworkCore.PostgreSQL");
        change(builder);
        return [.. MigrationRules.Violations(builder.Operations)];
    }

    [GeneratedRegex(@"^\s*(CREATE (UNIQUE )?|DROP )INDEX", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex AnyIndex();

    [GeneratedRegex(@"^(CREATE (UNIQUE )?INDEX CONCURRENTLY IF NOT EXISTS|DROP INDEX CONCURRENTLY IF EXISTS) \w+")]
    private static partial Regex RepeatableIndex();
}
