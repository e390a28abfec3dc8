using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using BillingPortal.Web.Description;
using Microsoft.AspNetCore.Components;
using Microsoft.OpenApi;

namespace BillingPortal.Web;

/// <summary>Takes apart what the document says of one operation. It reads nothing else.</summary>
public sealed partial class ApiOperation : ComponentBase
{
    private const string Ok = "200";

    private static readonly JsonSerializerOptions Readable =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Parameter, EditorRequired]
    public OpenApiOperation Operation { get; set; } = default!;

    private IReadOnlyList<Sample> Samples { get; set; } = [];

    private IReadOnlyList<(string Title, IOpenApiSchema Schema)> Shapes { get; set; } = [];

    private IReadOnlyList<ProblemCode> Codes { get; set; } = [];

    protected override void OnParametersSet()
    {
        var contents = Operation.Responses?[Ok].Content?.Values ?? [];
        var answers = contents.SelectMany(content => content.Examples?.Values ?? [])
            .ToDictionary(example => example.Summary ?? "", example => Text(example.Value), StringComparer.Ordinal);
        var samples = (Operation.Extensions?[ApiOperations.Samples] as JsonNodeExtension)?.Node.AsArray() ?? [];
        Samples = [.. samples.Select((sample, index) => new Sample(
            $"{Operation.OperationId}-{index + 1}", (string)sample!["label"]!, (string)sample["source"]!,
            answers.GetValueOrDefault((string)sample["label"]!)))];
        Shapes =
        [
            .. Of("Shape of the body", Operation.RequestBody?.Content),
            .. Of("Shape of the answer", Operation.Responses?[Ok].Content),
        ];
        Codes = [.. from response in Operation.Responses
                    where response.Key != Ok
                    from content in response.Value.Content?.Values ?? []
                    from code in content.Examples?.Keys ?? []
                    where !ApiProblemAnswers.IsCommon(code)
                    select ProblemCatalog.Find(code)];
    }

    private static IEnumerable<(string Title, IOpenApiSchema Schema)> Of(string title, IDictionary<string, OpenApiMediaType>? contents) =>
        contents?.TryGetValue(ApiExample.Json, out var json) is true && json.Schema is { } schema ? [(title, schema)] : [];

    // A file's beginning says nothing; a table's and an object's do.
    private static string? Text(JsonNode? value) => value switch
    {
        JsonValue text when text.ToString().StartsWith("%PDF", StringComparison.Ordinal) => null,
        JsonValue text => text.ToString().TrimEnd(),
        _ => value?.ToJsonString(Readable),
    };

    private sealed record Sample(string Id, string Label, string Curl, string? Answer);
}
