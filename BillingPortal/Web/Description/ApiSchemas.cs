using System.Reflection;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using BillingPortal.Kernel;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace BillingPortal.Web.Description;

/// <summary>Schemas that say what is really sent: numbers as numbers, and as required only what is always there.</summary>
internal static class ApiSchemas
{
    public const string Problem = "Problem";

    /// <summary>Nested types of one name in several answers are several schemas.</summary>
    public static string? NameOf(JsonTypeInfo type) => OpenApiOptions.CreateDefaultSchemaReferenceId(type) is not { } name ? null
        : type.Type is { IsNested: true, DeclaringType.Name: var outer } ? outer + name
        : name;

    public static Task Correct(OpenApiSchema schema, OpenApiSchemaTransformerContext context)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (type == typeof(Amount))
        {
            schema.Type = JsonSchemaType.Number;
            schema.Properties = null;
            schema.Required = null;
            schema.Description = "Exact to four places.";
        }

        // The reader takes numbers in quotes as well; what is written never has them.
        if (schema.Type is { } kind && (kind & (JsonSchemaType.Number | JsonSchemaType.Integer)) != 0)
        {
            schema.Type = kind & ~JsonSchemaType.String;
            schema.Pattern = null;
            schema.Format = schema.Format is "double" ? null : schema.Format;
        }

        foreach (var left in context.JsonTypeInfo.Properties.Where(IsLeftOutSometimes))
        {
            schema.Required?.Remove(left.Name);
        }

        return Task.CompletedTask;
    }

    /// <summary>In bodies whatever may be null may be left out as well.</summary>
    public static void RelaxBodies(OpenApiDocument document)
    {
        var bodies = from path in document.Paths.Values
                     from operation in path.Operations ?? []
                     from content in operation.Value.RequestBody?.Content ?? new Dictionary<string, OpenApiMediaType>()
                     from schema in new[] { content.Value.Schema }.Concat(content.Value.Schema?.OneOf ?? [])
                     from one in new[] { schema, schema?.Items }
                     where one is not null
                     select one;
        foreach (var body in bodies.ToList())
        {
            var schema = body is OpenApiSchemaReference reference ? reference.RecursiveTarget : body as OpenApiSchema;
            foreach (var (name, property) in schema?.Properties ?? new Dictionary<string, IOpenApiSchema>())
            {
                if (property.Type?.HasFlag(JsonSchemaType.Null) is true
                    || property.OneOf?.Any(choice => choice.Type is JsonSchemaType.Null) is true)
                {
                    schema!.Required?.Remove(name);
                }
            }
        }
    }

    public static OpenApiSchema OfProblem() => new()
    {
        Type = JsonSchemaType.Object,
        Description = "RFC 9457. Some codes add members of their own, such as `balance` and `required`.",
        Required = new HashSet<string>(StringComparer.Ordinal) { "title", "status", "code" },
        Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
        {
            ["type"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["title"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer },
            ["detail"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "Plain words for a person; they may change." },
            ["code"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "For programs; it does not change." },
            ["traceId"] = new OpenApiSchema { Type = JsonSchemaType.String },
        },
        AdditionalPropertiesAllowed = true,
    };

    private static bool IsLeftOutSometimes(JsonPropertyInfo property) =>
        property.AttributeProvider?.GetCustomAttributes(typeof(JsonIgnoreAttribute), inherit: true).Length > 0;
}
