using BillingPortal.Kernel;

namespace BillingPortal.Documents.Statements;

/// <summary>Statements as files, and the addresses under which they are fetched.</summary>
public sealed class StatementFiles(StatementService statements)
{
    public static string PdfPath(StatementMonth month, Unit unit) =>
        $"/api/statements/{month}.pdf?unit={unit.ToCode()}";

    public static string CsvPath(StatementMonth month, Unit unit) =>
        $"/api/statements/{month}.csv?unit={unit.ToCode()}";

    /// <summary>Null when there is no statement of that month.</summary>
    public async Task<DocumentFile?> PdfAsync(
        Guid tenantId, Unit unit, StatementMonth month, CancellationToken cancellationToken = default) =>
        await statements.FindAsync(tenantId, unit, month, cancellationToken) is { } statement
            ? new DocumentFile(NameOf(statement, "pdf"), DocumentFile.Pdf, StatementPdf.Write(statement))
            : null;

    /// <summary>Null when there is no statement of that month.</summary>
    public async Task<DocumentFile?> CsvAsync(
        Guid tenantId, Unit unit, StatementMonth month, CancellationToken cancellationToken = default) =>
        await statements.FindAsync(tenantId, unit, month, cancellationToken) is { } statement
            ? new DocumentFile(NameOf(statement, "csv"), DocumentFile.Csv, StatementCsv.Write(statement))
            : null;

    private static string NameOf(Statement statement, string ending) =>
        $"statement-{statement.Period}-{statement.Unit.ToCode()}{(statement.IsFinal ? "" : "-so-far")}.{ending}";
}
