using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BillingPortal.Web;

/// <summary>
/// A table of figures as a CSV file: one header, one line per row, times in UTC, numbers with a point, and no text that a spreadsheet
/// would run as a formula.
/// </summary>
internal static class CsvFile
{
    private const string Type = "text/csv; charset=utf-8";
    private const string Instant = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <param name="name">With its ending, as the browser saves it.</param>
    /// <param name="columns">Lower case with underscores.</param>
    /// <param name="rows">As many fields as columns: texts, numbers, times, days.</param>
    public static PushStreamHttpResult Of(string name, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<object?>> rows) =>
        TypedResults.Stream(body => WriteAsync(body, columns, rows), Type, name);

    public static async Task WriteAsync(Stream body, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<object?>> rows)
    {
        await using var text = new StreamWriter(body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        await using var csv = new SafeCsvWriter(text);
        foreach (var column in columns)
        {
            csv.WriteField(column);
        }

        await csv.NextRecordAsync();
        foreach (var row in rows)
        {
            foreach (var field in row)
            {
                csv.WriteField(Text(field));
            }

            await csv.NextRecordAsync();
        }

        await csv.FlushAsync();
        await text.FlushAsync();
    }

    private static string? Text(object? field) => field switch
    {
        null => null,
        string text => text,
        DateTimeOffset at => at.UtcDateTime.ToString(Instant, CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        decimal number => number.ToString("0.####", CultureInfo.InvariantCulture),
        IFormattable other => other.ToString(format: null, CultureInfo.InvariantCulture),
        _ => field.ToString(),
    };
}
