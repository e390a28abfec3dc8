using System.Globalization;
using BillingPortal.Web.Description;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BillingPortal.Web;

/// <summary>A list as one CSV file, newest first and bounded: a file that was cut off says so in a header.</summary>
internal static class CsvList
{
    /// <summary>Rows of one file. Readers are asked for one more, to know whether there is more.</summary>
    public const int RowsMax = 10_000;

    /// <summary><c>true</c> on a file that lacks older rows.</summary>
    public const string TruncatedHeader = "X-Truncated";

    /// <summary>How many rows to read.</summary>
    public const int RowsRead = RowsMax + 1;

    private static readonly string Bounds = string.Create(
        CultureInfo.InvariantCulture,
        $"Newest first, at most {RowsMax:N0} rows. Where older ones are left out, the answer has the header `{TruncatedHeader}: true`.");

    /// <param name="response">Of the request that asks for the file.</param>
    /// <param name="name">With its ending, as the browser saves it.</param>
    /// <param name="columns">Lower case with underscores.</param>
    /// <param name="rows">Newest first, <see cref="RowsRead"/> at most.</param>
    /// <param name="fields">Of one row, as many as columns.</param>
    public static PushStreamHttpResult Of<TRow>(
        HttpResponse response, string name, IReadOnlyList<string> columns, IReadOnlyList<TRow> rows,
        Func<TRow, IReadOnlyList<object?>> fields)
    {
        if (rows.Count > RowsMax)
        {
            response.Headers[TruncatedHeader] = "true";
        }

        return CsvFile.Of(name, columns, rows.Take(RowsMax).Select(fields));
    }

    /// <summary>Describes an endpoint that answers with such a file.</summary>
    /// <param name="more">What else is to be known of its rows.</param>
    /// <param name="at">The address of the example, where it is not the route itself.</param>
    public static RouteHandlerBuilder WithCsvList(
        this RouteHandlerBuilder route, string summary, string example, string? more = null, string? at = null) =>
        route.WithSummary(summary).WithDescription(more is null ? Bounds : $"{Bounds} {more}")
            .Produces(StatusCodes.Status200OK, contentType: ApiExample.Csv)
            .WithExample("The file", example, at: at, type: ApiExample.Csv);
}
