using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using BillingPortal.Tests.House;
using BillingPortal.Web;

namespace BillingPortal.Tests.Web.Description;

/// <summary>
/// docs/api.md: the guide is written by hand, what is between its marks is drawn from the description and the catalog, so that
/// neither says what the other does not.
/// </summary>
internal static partial class ApiGuide
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string File { get; } = Path.Combine(SourceTree.Root, "docs", "api.md");

    /// <summary>The file as it should be: each marked part anew.</summary>
    public static string Redraw(string text, JsonElement document) => Marked().Replace(text, part =>
        $"<!-- {part.Groups[1].Value} -->\n{(part.Groups[1].Value == "codes" ? Codes() : Operations(document))}<!-- end -->");

    /// <summary>The shell blocks of the file, in their order, each with the status that its first line promises.</summary>
    public static IEnumerable<(string Curl, int Status)> Calls(string text) =>
        from block in Shell().Matches(text)
        let code = block.Groups[1].Value
        where code.Contains("curl ", StringComparison.Ordinal)
        let promised = Promise().Match(code)
        from curl in Command().Matches(code)
        select (curl.Value.Trim(), promised.Success ? int.Parse(promised.Groups[1].Value, provider: null) : 200);

    private static string Codes()
    {
        var text = new StringBuilder("\n| code | status | what it means, what to do |\n|---|---|---|\n");
        foreach (var code in ProblemCatalog.All.OrderBy(code => code.Status).ThenBy(code => code.Code, StringComparer.Ordinal))
        {
            text.Append(null, $"| `{code.Code}` | {code.Status} | {code.Meaning} |\n");
        }

        return text.Append('\n').ToString();
    }

    private static string Operations(JsonElement document)
    {
        var text = new StringBuilder("\n");
        var groups = DescriptionTests.Operations(document)
            .GroupBy(one => one.Operation.GetProperty("tags")[0].GetString()!).OrderBy(group => group.Key, StringComparer.Ordinal);
        foreach (var group in groups)
        {
            text.Append(null, $"### {group.Key}\n\n");
            foreach (var (name, operation) in group)
            {
                Append(text, name, operation);
            }
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, string name, JsonElement operation)
    {
        text.Append(null, $"#### `{name}`\n\n{operation.GetProperty("summary").GetString()}.\n\n");
        if (operation.TryGetProperty("description", out var description))
        {
            text.Append(null, $"{description.GetString()}\n\n");
        }

        if (operation.TryGetProperty("parameters", out var parameters))
        {
            foreach (var one in parameters.EnumerateArray())
            {
                text.Append(null, $"- `{one.GetProperty("name").GetString()}`: {one.GetProperty("description").GetString()}\n");
            }

            text.Append('\n');
        }

        var answers = operation.GetProperty("responses").GetProperty("200").GetProperty("content").EnumerateObject()
            .SelectMany(content => content.Value.GetProperty("examples").EnumerateObject()).ToDictionary(
                one => one.Value.GetProperty("summary").GetString()!, one => one.Value.GetProperty("value"));
        foreach (var sample in operation.GetProperty("x-codeSamples").EnumerateArray())
        {
            text.Append(null, $"```sh\n{sample.GetProperty("source").GetString()}\n```\n\n");
            text.Append(Answer(answers[sample.GetProperty("label").GetString()!]));
        }

        var own = operation.GetProperty("responses").EnumerateObject().Where(one => one.Name != "200")
            .SelectMany(one => one.Value.GetProperty("content").GetProperty("application/problem+json").GetProperty("examples")
                .EnumerateObject().Select(code => $"`{code.Name}`")).ToList();
        text.Append(null, $"Problems: {string.Join(", ", own)}.\n\n");
    }

    private static string Answer(JsonElement answer) => answer.ValueKind is not JsonValueKind.String
        ? $"```json\n{JsonSerializer.Serialize(answer, Readable)}\n```\n\n"
        : answer.GetString()!.StartsWith("%PDF", StringComparison.Ordinal) ? ""
        : $"```csv\n{answer.GetString()!.TrimEnd()}\n```\n\n";

    [GeneratedRegex(@"<!-- (codes|endpoints) -->.*?<!-- end -->", RegexOptions.Singleline)]
    private static partial Regex Marked();

    [GeneratedRegex(@"^```sh\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Shell();

    [GeneratedRegex(@"^# answers (\d{3})", RegexOptions.Multiline)]
    private static partial Regex Promise();

    // A command ends with its line, unless that ends with a backslash.
    [GeneratedRegex(@"^curl (?:[^\n]*\\\n)*[^\n]*", RegexOptions.Multiline)]
    private static partial Regex Command();
}
