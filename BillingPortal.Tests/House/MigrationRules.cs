using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace BillingPortal.Tests.House;

/// <summary>
/// The zero-downtime rule, operation by operation: what one release may do to a schema that the release before is working on. Everything
/// that is not known to be harmless is refused.
/// </summary>
internal static partial class MigrationRules
{
    /// <summary>What is wrong with each operation; empty for a migration that may run beside the release before.</summary>
    public static IEnumerable<string> Violations(IReadOnlyList<MigrationOperation> operations)
    {
        var created = operations.OfType<CreateTableOperation>().Select(table => table.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var operation in operations.Where(operation => !IsOn(operation, created)))
        {
            if (Judge(operation) is { } reason)
            {
                yield return reason;
            }
        }

        if (operations.Any(IsConcurrent) && !operations.All(IsConcurrent))
        {
            yield return "an index built concurrently shares its migration with something else: it cannot be in their transaction, and "
                + "what was interrupted half way could not be repeated; give it a migration of its own";
        }

        var sql = string.Join('\n', operations.OfType<SqlOperation>().Select(operation => operation.Sql));
        if (NotValid().IsMatch(sql) && Validate().IsMatch(sql))
        {
            yield return "a constraint is added and validated in one migration: the first one's lock is held while the second reads "
                + "every row; validate in the next migration";
        }
    }

    private static string? Judge(MigrationOperation operation) => operation switch
    {
        CreateTableOperation or EnsureSchemaOperation or CreateSequenceOperation or InsertDataOperation => null,
        AddColumnOperation column => JudgeColumn(column),
        CreateIndexOperation { IsUnique: true } index =>
            $"unique index {index.Name} on {index.Table}: the release before may still write what it refuses",
        CreateIndexOperation index => IsConcurrent(index) ? null
            : $"index {index.Name} on {index.Table} blocks its writers while it is built: .IsCreatedConcurrently(), in its own migration",
        DropCheckConstraintOperation or DropForeignKeyOperation => null,
        AddCheckConstraintOperation check =>
            $"check {check.Name} on {check.Table} reads every row under an exclusive lock: AddCheckNotValid or WidenCheck, then "
            + "ValidateConstraint in the next migration",
        AddForeignKeyOperation key =>
            $"foreign key {key.Name} on {key.Table} reads every row under a lock: AddForeignKeyNotValid, then ValidateConstraint",
        AlterColumnOperation column =>
            $"{column.Table}.{column.Name} changes type, default or nullability: add a column, fill it, read it, drop the old one later",
        DropColumnOperation column => $"{column.Table}.{column.Name} is dropped: the release before still names it in every statement",
        DropTableOperation table => $"table {table.Name} is dropped: the release before still reads it",
        DropIndexOperation index => $"index {index.Name} is dropped: the release before may live by it",
        SqlOperation sql => JudgeSql(sql),
        _ => $"{operation.GetType().Name} is not known to be harmless",
    };

    private static string? JudgeColumn(AddColumnOperation column) => column switch
    {
        { ComputedColumnSql: not null } => $"computed column {column.Table}.{column.Name} rewrites the table",
        { DefaultValueSql: { } sql } when Volatile().IsMatch(sql) =>
            $"the default of {column.Table}.{column.Name} differs from row to row: it rewrites the table",
        { IsNullable: false, DefaultValue: null, DefaultValueSql: null } =>
            $"{column.Table}.{column.Name} is NOT NULL without a default: the release before does not write it",
        _ => null,
    };

    private static string? JudgeSql(SqlOperation operation) => operation.Sql
        .Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .Where(statement => !(operation.SuppressTransaction ? ConcurrentSql() : HarmlessSql()).IsMatch(statement))
        .Select(statement => $"this statement is not known to be harmless: {statement}")
        .FirstOrDefault();

    private static bool IsConcurrent(MigrationOperation operation) => operation switch
    {
        CreateIndexOperation => operation["Npgsql:CreatedConcurrently"] is true,
        SqlOperation sql => sql.SuppressTransaction,
        _ => false,
    };

    // A table that this migration makes is nobody's yet.
    private static bool IsOn(MigrationOperation operation, HashSet<string> created) =>
        operation is ITableMigrationOperation { Table: { } table } && created.Contains(table);

    [GeneratedRegex(@"^ALTER TABLE \w+\s+(DROP CONSTRAINT \w+,\s*)?ADD CONSTRAINT \w+ (CHECK|FOREIGN KEY) \(.*\).* NOT VALID$"
        + @"|^ALTER TABLE \w+ VALIDATE CONSTRAINT \w+$|^COMMENT ON ", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex HarmlessSql();

    [GeneratedRegex(@"^CREATE INDEX CONCURRENTLY |^DROP INDEX CONCURRENTLY ", RegexOptions.IgnoreCase)]
    private static partial Regex ConcurrentSql();

    [GeneratedRegex("NOT VALID", RegexOptions.IgnoreCase)]
    private static partial Regex NotValid();

    [GeneratedRegex("VALIDATE CONSTRAINT", RegexOptions.IgnoreCase)]
    private static partial Regex Validate();

    [GeneratedRegex(@"random|clock_timestamp|nextval|uuid|timeofday", RegexOptions.IgnoreCase)]
    private static partial Regex Volatile();
}
