using System.Text.Json;
using System.Text.RegularExpressions;
using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.Web.Description;

/// <summary>The document of <c>/openapi/v1.json</c> in itself: whole, resolvable, with an example and the problems of every call.</summary>
public sealed partial class DescriptionTests(PortalHost portal) : IClassFixture<PortalHost>, IAsyncLifetime
{
    private JsonElement _document;

    public async ValueTask InitializeAsync() =>
        _document = JsonDocument.Parse(await portal.Browser().GetStringAsync("/openapi/v1.json")).RootElement;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public void Every_reference_leads_somewhere()
    {
        var check = new SchemaCheck(_document);
        var references = Reference().Matches(_document.GetRawText()).Select(match => match.Groups[1].Value).Distinct().ToList();

        Assert.NotEmpty(references);
        Assert.All(references, reference => check.Resolve(reference));
    }

    [Fact]
    public void Every_operation_has_an_id_of_its_own_a_summary_a_group_examples_and_problems()
    {
        var operations = Operations(_document).ToList();
        var ids = operations.Select(one => one.Operation.GetProperty("operationId").GetString()).ToList();

        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.Empty(from one in operations from lack in Lacks(one.Operation) select $"{one.Name}: {lack}");
    }

    [Fact]
    public void Every_example_fits_its_schema()
    {
        var check = new SchemaCheck(_document);
        var faults = from one in Operations(_document)
                     from content in Contents(one.Operation)
                     from example in content.GetProperty("examples").EnumerateObject()
                     from fault in check.Faults(content.GetProperty("schema"), example.Value.GetProperty("value"))
                     select $"{one.Name}, {example.Name}: {fault}";

        Assert.Empty(faults);
    }

    [Fact]
    public void Every_parameter_is_explained_by_an_example()
    {
        var silent = from one in Operations(_document)
                     where one.Operation.TryGetProperty("parameters", out _)
                     from parameter in one.Operation.GetProperty("parameters").EnumerateArray()
                     where !parameter.TryGetProperty("description", out _) || !parameter.TryGetProperty("example", out _)
                     select $"{one.Name}: {parameter.GetProperty("name")}";

        Assert.Empty(silent);
    }

    [Fact]
    public void Lists_are_paged_by_the_same_words_everywhere()
    {
        var check = new SchemaCheck(_document);
        var lists = from one in Operations(_document)
                    where one.Operation.TryGetProperty("parameters", out _)
                    let names = one.Operation.GetProperty("parameters").EnumerateArray().Select(
                        parameter => parameter.GetProperty("name").GetString()).ToList()
                    where names.Contains("cursor") && !one.Name.EndsWith(".csv", StringComparison.Ordinal)
                    select (one.Name, names, one.Operation);
        foreach (var (name, names, operation) in lists)
        {
            var content = operation.GetProperty("responses").GetProperty("200").GetProperty("content");
            var schema = content.GetProperty("application/json").GetProperty("schema");
            schema = schema.TryGetProperty("$ref", out var reference) ? check.Resolve(reference.GetString()!) : schema;
            Assert.True(names.Contains("limit"), $"{name} has no limit");
            Assert.True(schema.GetProperty("properties").TryGetProperty("nextCursor", out _), $"{name} has no nextCursor");
        }

        Assert.Equal(4, lists.Count());
    }

    [Fact]
    public void The_three_ways_to_sign_in_are_named()
    {
        var schemes = _document.GetProperty("components").GetProperty("securitySchemes");

        Assert.Equal(
            ["apiKey http bearer", "jwt http bearer", "session apiKey "],
            schemes.EnumerateObject().Select(one => string.Join(' ', one.Name, one.Value.GetProperty("type").GetString(),
                one.Value.TryGetProperty("scheme", out var scheme) ? scheme.GetString() : "")));
        Assert.Equal("JWT", schemes.GetProperty("jwt").GetProperty("bearerFormat").GetString());
        Assert.Equal(3, _document.GetProperty("security").GetArrayLength());
    }

    internal static IEnumerable<(string Name, JsonElement Operation)> Operations(JsonElement document) =>
        from path in document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        select ($"{operation.Name.ToUpperInvariant()} {path.Name}", operation.Value);

    private static IEnumerable<string> Lacks(JsonElement operation)
    {
        var responses = operation.GetProperty("responses");
        if (!operation.TryGetProperty("summary", out var summary) || summary.GetString() is not { Length: > 0 and <= 120 })
        {
            yield return "a summary of one line";
        }

        if (!operation.TryGetProperty("tags", out var tags) || tags.GetArrayLength() != 1)
        {
            yield return "one group";
        }

        if (operation.GetProperty("x-codeSamples").GetArrayLength() == 0)
        {
            yield return "a curl";
        }

        if (!responses.GetProperty("200").GetProperty("content").EnumerateObject().Any())
        {
            yield return "an answer";
        }

        foreach (var content in Contents(operation).Where(content => !content.TryGetProperty("examples", out _)))
        {
            yield return $"an example in {content.GetRawText()[..Math.Min(80, content.GetRawText().Length)]}";
        }

        if (!responses.EnumerateObject().Any(one => one.Name.StartsWith('4')
            && one.Value.GetProperty("content").TryGetProperty("application/problem+json", out _)))
        {
            yield return "a problem";
        }

        if (!responses.GetProperty("200").GetProperty("headers").TryGetProperty("RateLimit", out _))
        {
            yield return "the headers of the limit";
        }
    }

    private static IEnumerable<JsonElement> Contents(JsonElement operation)
    {
        var bodies = operation.TryGetProperty("requestBody", out var body) ? [body.GetProperty("content")] : Array.Empty<JsonElement>();
        return bodies.Concat(operation.GetProperty("responses").EnumerateObject().Select(one => one.Value.GetProperty("content")))
            .SelectMany(content => content.EnumerateObject()).Select(one => one.Value);
    }

    [GeneratedRegex("\"\\$ref\":\\s*\"([^\"]+)\"")]
    private static partial Regex Reference();
}
