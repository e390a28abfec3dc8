using System.Globalization;
using System.Text.Json.Nodes;
using BillingPortal.Tenants;
using Microsoft.OpenApi;

namespace BillingPortal.Web.Description;

/// <summary>Every problem that an operation can answer with: its own, and those that all of its kind have.</summary>
internal static class ApiProblemAnswers
{
    private const string Type = "application/problem+json";

    private static readonly HashSet<string> CommonCodes = new(StringComparer.Ordinal)
    {
        "unauthorized", "invalid_api_key", "forbidden", "rate_limited", "internal_error", "malformed_json", "invalid_request",
        "unsupported_media_type", "request_too_large", "invalid_idempotency_key", "idempotency_key_reused", "idempotency_key_in_use",
        "invalid_cursor", "invalid_limit", "cross_site", "not_found", "method_not_allowed",
    };

    /// <summary>True for what any call may answer that is of the kind: a list, a body, a key.</summary>
    public static bool IsCommon(string code) => CommonCodes.Contains(code);

    public static void Add(
        OpenApiOperation operation, OpenApiDocument? document, IEnumerable<string> own, bool takesKey, string? policy)
    {
        var codes = own.Concat(Common(operation, takesKey, policy)).Distinct(StringComparer.Ordinal).Select(ProblemCatalog.Find);
        foreach (var group in codes.GroupBy(code => code.Status).OrderBy(group => group.Key))
        {
            operation.Responses![group.Key.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponse
            {
                Description = string.Join("\n", group.Select(code => $"`{code.Code}`: {code.Meaning}")),
                Headers = ApiHeaders.OfRefusal(group.Key),
                Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
                {
                    [Type] = new OpenApiMediaType
                    {
                        Schema = new OpenApiSchemaReference(ApiSchemas.Problem, document),
                        Examples = group.ToDictionary(code => code.Code, ExampleOf, StringComparer.Ordinal),
                    },
                },
            };
        }
    }

    private static IEnumerable<string> Common(OpenApiOperation operation, bool takesKey, string? policy)
    {
        var isSecret = policy is Policies.Cron or Policies.BillingCron;
        string[] everywhere = policy is null ? ["rate_limited", "internal_error"]
            : ["unauthorized", "invalid_api_key", "forbidden", "rate_limited", "internal_error"];
        string[] body = operation.RequestBody is null ? []
            : ["malformed_json", "invalid_request", "unsupported_media_type", "request_too_large"];
        string[] key = takesKey ? ["invalid_idempotency_key", "idempotency_key_reused", "idempotency_key_in_use"] : [];
        var isList = operation.Parameters?.Any(parameter => parameter.Name == "limit") is true;
        string[] paged = isList ? ["invalid_cursor", "invalid_limit"] : [];
        string[] sites = operation.RequestBody is not null && !isSecret ? ["cross_site"] : [];
        return [.. paged, .. body, .. key, .. sites, .. everywhere];
    }

    private static IOpenApiExample ExampleOf(ProblemCode code) => new OpenApiExample
    {
        Summary = code.Meaning,
        Value = new JsonObject
        {
            ["title"] = code.Title,
            ["status"] = code.Status,
            ["detail"] = code.Meaning,
            ["code"] = code.Code,
        },
    };
}
