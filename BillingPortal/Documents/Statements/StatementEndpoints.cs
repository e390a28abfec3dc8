using BillingPortal.Kernel;
using BillingPortal.Tenants;
using BillingPortal.Web;
using BillingPortal.Web.Description;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace BillingPortal.Documents.Statements;

/// <summary>Statements over HTTP: the list, and each month as PDF and CSV.</summary>
internal static class StatementEndpoints
{
    public static IEndpointRouteBuilder MapStatementEndpoints(this IEndpointRouteBuilder routes)
    {
        var statements = routes.MapGroup("/api/statements").RequireAuthorization(Policies.TenantRead)
            .WithTags("Statements");
        statements.MapGet("", ListAsync)
            .WithSummary("The months of both accounts, youngest first").WithProblems("invalid_unit", "invalid_month")
            .WithExample("The months", StatementExamples.List, at: "/api/statements?unit=credits&limit=1");
        statements.MapGet("/{month}.pdf", PdfAsync).WithSummary("A month of one account as PDF")
            .WithProblems("invalid_unit", "invalid_month", "unknown_statement").Produces(200, contentType: ApiExample.Pdf)
            .WithExample("The file", "%PDF-1.7", at: "/api/statements/$MONTH.pdf", type: ApiExample.Pdf);
        statements.MapGet("/{month}.csv", CsvAsync).WithSummary("The same as CSV")
            .WithProblems("invalid_unit", "invalid_month", "unknown_statement").Produces(200, contentType: ApiExample.Csv)
            .WithExample("The file", StatementExamples.Csv, at: "/api/statements/$MONTH.csv?unit=credits", type: ApiExample.Csv);
        return routes;
    }

    private static async Task<Results<Ok<StatementsAnswer>, ProblemHttpResult>> ListAsync(
        [FromQuery] string? unit, [FromQuery] string? before, [FromQuery] string? cursor, [FromQuery] string? limit,
        CurrentTenant tenant, StatementService statements, CancellationToken cancellationToken)
    {
        if (unit is not null && Units.Parse(unit) is null)
        {
            return UnknownUnit;
        }

        var bound = StatementMonth.Parse(before);
        if (before is not null && bound is null)
        {
            return UnknownMonth("before");
        }

        var after = string.IsNullOrWhiteSpace(cursor) ? null : StatementCursor.Parse(cursor);
        if (after is null && !string.IsNullOrWhiteSpace(cursor))
        {
            return Paging.InvalidCursor;
        }

        if (Paging.LimitOf(limit) is not { } most)
        {
            return Paging.InvalidLimit;
        }

        var rows = new List<Statement>();
        foreach (var account in Units.Parse(unit) is { } one ? [one] : Enum.GetValues<Unit>())
        {
            // The cursor's own month may have the other account's statement below it; one more row says whether there is more.
            var end = after is { Month: var last } && (bound is null || last < bound) ? last.Next : bound;
            rows.AddRange(await statements.ListAsync(tenant.Id, account, most + 2, end, cancellationToken));
        }

        return TypedResults.Ok(StatementsAnswer.Of(
            [.. rows.Where(row => after?.Precedes(row) is not false).OrderByDescending(row => row.Period).ThenBy(row => row.Unit)], most));
    }

    private static Task<Results<FileContentHttpResult, ProblemHttpResult>> PdfAsync(
        string month, [FromQuery] string? unit, CurrentTenant tenant, StatementFiles files,
        CancellationToken cancellationToken) =>
        FileAsync(month, unit, tenant, (account, period) =>
            files.PdfAsync(tenant.Id, account, period, cancellationToken));

    private static Task<Results<FileContentHttpResult, ProblemHttpResult>> CsvAsync(
        string month, [FromQuery] string? unit, CurrentTenant tenant, StatementFiles files,
        CancellationToken cancellationToken) =>
        FileAsync(month, unit, tenant, (account, period) =>
            files.CsvAsync(tenant.Id, account, period, cancellationToken));

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> FileAsync(
        string month, string? unit, CurrentTenant tenant, Func<Unit, StatementMonth, Task<DocumentFile?>> make)
    {
        if ((unit is null ? tenant.Plan : Units.Parse(unit)) is not { } account)
        {
            return UnknownUnit;
        }

        if (StatementMonth.Parse(month) is not { } period)
        {
            return UnknownMonth("The month");
        }

        return await make(account, period) is { } file
            ? TypedResults.File(file.Content, file.ContentType, file.Name)
            : Problems.NotFound(
                "unknown_statement", $"The {account.ToCode()} account has no entries by the end of {period}.");
    }

    private static ProblemHttpResult UnknownUnit => Problems.Invalid("invalid_unit", "unit is credits or usd.");

    private static ProblemHttpResult UnknownMonth(string what) =>
        Problems.Invalid("invalid_month", $"{what} is a year and a month like 2026-11.");
}

/// <summary>The answer of <c>GET /api/statements</c>.</summary>
/// <param name="NextCursor">Give it back as <c>cursor</c> for the next older page; null at the end.</param>
internal sealed record StatementsAnswer(IReadOnlyList<StatementAnswer> Statements, string? NextCursor)
{
    public static StatementsAnswer Of(IReadOnlyList<Statement> rows, int most) => new(
        [.. rows.Take(most).Select(StatementAnswer.Of)],
        rows.Count > most ? new StatementCursor(rows[most - 1].Period, rows[most - 1].Unit).ToString() : null);
}

/// <summary>One month of one account; <c>isFinal</c> is false for the running month.</summary>
/// <param name="Reserved">Of the closing balance: used in the month, debited by its settlement.</param>
internal sealed record StatementAnswer(
    string Month, string Unit, bool IsFinal, decimal Opening, decimal TopUps, decimal Usage, decimal Other,
    decimal Closing, decimal Reserved, decimal DebtClosing, string Pdf, string Csv)
{
    public static StatementAnswer Of(Statement statement) => new(
        statement.Period.ToString(), statement.Unit.ToCode(), statement.IsFinal, statement.Opening.ToDecimal(),
        statement.TopUps.ToDecimal(), statement.Used.ToDecimal(), statement.Other.ToDecimal(),
        statement.Closing.ToDecimal(), statement.ReservedSum.ToDecimal(), statement.DebtClosing.ToDecimal(),
        StatementFiles.PdfPath(statement.Period, statement.Unit),
        StatementFiles.CsvPath(statement.Period, statement.Unit));
}
