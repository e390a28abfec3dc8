using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace BillingPortal.Web.Description;

/// <summary>One operation: its id, who may call it, parameters, examples of body and answer, every problem, and curl.</summary>
internal static class ApiOperations
{
    /// <summary>Where curl stands in the document, as other tools read it too.</summary>
    public const string Samples = "x-codeSamples";

    public static async Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var (method, route) = (context.Description.HttpMethod ?? "GET", "/" + RouteOf(context));
        var takesKey = metadata.OfType<Idempotency.IdempotentMark>().Any();
        var policy = metadata.OfType<IAuthorizeData>().LastOrDefault(data => data.Policy is not null)?.Policy;
        var examples = metadata.OfType<ApiExample>().ToList();

        operation.OperationId = IdOf(method, route);
        operation.Summary = operation.Summary?.TrimEnd('.');
        operation.Description = ApiCallers.Describe(operation.Description, policy);
        if (takesKey)
        {
            var others = (operation.Parameters ?? []).Where(parameter => parameter.Name != Idempotency.Header);
            operation.Parameters = [.. others, ApiParameters.IdempotencyKey()];
        }

        ApiParameters.Explain(operation);
        await DescribeBodyAsync(operation, context, examples);
        await DescribeAnswerAsync(operation, context, examples, takesKey);
        var codes = metadata.OfType<ApiCodes>().SelectMany(one => one.Codes);
        ApiProblemAnswers.Add(operation, context.Document, codes, takesKey, policy);
        var secret = ApiCallers.SecretOf(policy);
        operation.Extensions ??= new Dictionary<string, IOpenApiExtension>(StringComparer.Ordinal);
        operation.Extensions[Samples] = new JsonNodeExtension(new JsonArray(
            [.. examples.Select(example => (JsonNode)new JsonObject
            {
                ["lang"] = "Shell",
                ["label"] = example.Name,
                ["source"] = CurlText.Of(method, route, example, secret, takesKey),
            })]));
    }

    private static async Task DescribeBodyAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, List<ApiExample> examples)
    {
        if (operation.RequestBody?.Content?.Values.FirstOrDefault() is not { } content)
        {
            return;
        }

        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<ApiBody>().LastOrDefault() is { } body)
        {
            content.Schema = await AnyOfAsync(context, body.Shapes);
        }

        content.Examples = Named(examples.Where(example => example.Request is not null), example => example.Request!);
    }

    private static async Task DescribeAnswerAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, List<ApiExample> examples, bool takesKey)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        Type[] shapes = [.. metadata.OfType<IProducesResponseTypeMetadata>()
            .Where(one => one.StatusCode == StatusCodes.Status200OK && one.Type is not null && one.Type != typeof(void))
            .Select(one => one.Type!).Distinct()];
        var contents = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal);
        operation.Responses ??= [];
        var known = operation.Responses.TryGetValue("200", out var ok) && ok.Content?.TryGetValue(ApiExample.Json, out var json) is true
            ? json.Schema
            : null;
        foreach (var group in examples.GroupBy(example => example.Type, StringComparer.Ordinal))
        {
            contents[group.Key] = new OpenApiMediaType
            {
                Schema = group.Key != ApiExample.Json ? new OpenApiSchema { Type = JsonSchemaType.String }
                    : shapes.Length == 1 && known is not null ? known
                    : await AnyOfAsync(context, shapes),
                Examples = Named(group, example => example.Answer),
            };
        }

        operation.Responses = new OpenApiResponses
        {
            ["200"] = new OpenApiResponse { Description = "Done.", Content = contents, Headers = ApiHeaders.Of(takesKey) },
        };
    }

    private static async Task<IOpenApiSchema> AnyOfAsync(OpenApiOperationTransformerContext context, IReadOnlyList<Type> shapes)
    {
        var schemas = new List<IOpenApiSchema>();
        foreach (var shape in shapes)
        {
            schemas.Add(await context.GetOrCreateSchemaAsync(shape));
        }

        return schemas.Count == 1 ? schemas[0] : new OpenApiSchema { OneOf = schemas };
    }

    private static Dictionary<string, IOpenApiExample> Named(IEnumerable<ApiExample> examples, Func<ApiExample, string> text) =>
        examples.ToDictionary(
            example => example.Name.ToLowerInvariant().Replace(' ', '-'),
            IOpenApiExample (example) => new OpenApiExample
            {
                Summary = example.Name,
                Value = text(example) is var value && value.StartsWith('{') || value.StartsWith('[')
                    ? JsonNode.Parse(value)
                    : JsonValue.Create(value),
            },
            StringComparer.Ordinal);

    private static string RouteOf(OpenApiOperationTransformerContext context) => context.Description.RelativePath?.TrimEnd('/') ?? "";

    // «POST /api/usage/holds/{id}/capture» is postUsageHoldsCapture.
    private static string IdOf(string method, string route) => method.ToLowerInvariant() + string.Concat(
        route.Split('/', '-', '.').Where(part => part is not ("" or "api") && !part.StartsWith('{'))
            .Select(part => string.Create(CultureInfo.InvariantCulture, $"{char.ToUpperInvariant(part[0])}{part[1..]}")));
}
