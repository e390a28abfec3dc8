using BillingPortal.Kernel;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace BillingPortal.Documents.Statements;

/// <summary>Statements over HTTP: the list, and each month as PDF and CSV.</summary>
internal static class StatementEndpoints
{
    private const int MonthsMax = 24;

    public static IEndpointRouteBuilder MapStatementEndpoints(this IEndpointRouteBuilder routes)
    {
        var statements = routes.MapGroup("/api/statements").RequireAuthorization(Policies.TenantRead)
            .WithTags("Statements");
        statements.MapGet("", ListAsync)
            .WithSummary("The months of both accounts, youngest first; 24 at a time, before=2026-01 leads on");
        statements.MapGet("/{month}.pdf", PdfAsync).WithSummary("A month of one account as PDF, unit=credits or usd");
        statements.MapGet("/{month}.csv", CsvAsync).WithSummary("The same as CSV");
        return routes;
    }

    private static async Task<Results<Ok<StatementsAnswer>, ProblemHttpResult>> ListAsync(
        [FromQuery] string? unit, [FromQuery] string? before, CurrentTenant tenant, StatementService statements,
        CancellationToken cancellationToken)
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

        var rows = new List<StatementAnswer>();
        foreach (var account in Units.Parse(unit) is { } one ? [one] : Enum.GetValues<Unit>())
        {
            var months = await statements.ListAsync(tenant.Id, account, MonthsMax, bound, cancellationToken);
            rows.AddRange(months.Select(StatementAnswer.Of));
        }

        return TypedResults.Ok(new StatementsAnswer(
            [.. rows.OrderByDescending(row => row.Month, StringComparer.Ordinal).ThenBy(row => row.Unit)]));
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
internal sealed record StatementsAnswer(IReadOnlyList<StatementAnswer> Statements);

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
