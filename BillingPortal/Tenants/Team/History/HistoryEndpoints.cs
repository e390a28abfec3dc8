using BillingPortal.Audit;
using BillingPortal.Kernel;
using BillingPortal.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BillingPortal.Tenants.Team.History;

/// <summary>An account's history as a file, for its own people. It only reads.</summary>
internal static class HistoryEndpoints
{
    /// <summary>Lines of one file; a longer history is taken period by period.</summary>
    public const int LinesMax = 10_000;

    private static readonly string[] Columns = ["at_utc", "who", "what", "changes"];

    public static IEndpointRouteBuilder MapHistory(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/team/history.csv", ExportAsync).RequireAuthorization(Policies.TenantBilling, Policies.Person)
            .ExcludeFromDescription();
        return routes;
    }

    private static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> ExportAsync(
        [AsParameters] HistoryFileQuery query, CurrentTenant tenant, AuditReader reader, CancellationToken cancellationToken)
    {
        var request = query.Query.Judge(TimeZoneInfo.FindSystemTimeZoneById(tenant.TimeZone));
        if (request.Refusal is { } refusal)
        {
            return Problems.Invalid("invalid_filter", refusal);
        }

        var lines = new List<HistoryLine>();
        AuditCursor? cursor = null;
        do
        {
            var page = await reader.PageOfTenantAsync(tenant.Id, request.Filter, cursor, AuditReader.PageMax, cancellationToken);
            lines.AddRange(page.Items.Select(item => HistoryLine.Of(item.Line)));
            cursor = page.Next;
        }
        while (cursor is not null && lines.Count < LinesMax);

        return CsvFile.Of("history.csv", Columns, lines.Take(LinesMax).Select(Row));
    }

    private static IReadOnlyList<object?> Row(HistoryLine line) =>
    [
        line.At, line.Who, line.What,
        string.Join("; ", line.Differences.Where(one => one.IsChanged).Select(one => $"{one.Name}: {one.Before} → {one.After}")),
    ];
}

/// <summary>The filter of the file, as the page's.</summary>
internal sealed record HistoryFileQuery(string? Who, string? Kind, string? From, string? To)
{
    public HistoryQuery Query => new() { Who = Who, Kind = Kind, From = From, To = To };
}
