using System.Text;
using Microsoft.OpenApi;

namespace BillingPortal.Web;

/// <summary>A JSON schema as a person reads it: the shape of an example with types for values.</summary>
internal static class SchemaText
{
    private const int DepthMax = 5;

    public static string Of(IOpenApiSchema schema)
    {
        var text = new StringBuilder();
        Write(text, schema, 0);
        return text.ToString();
    }

    public static string TypeOf(IOpenApiSchema? schema)
    {
        if (schema?.Type is not { } type)
        {
            return "any";
        }

        var name = (type & ~JsonSchemaType.Null) switch
        {
            JsonSchemaType.String => schema.Format is { Length: > 0 } format ? $"string ({format})" : "string",
            JsonSchemaType.Integer or (JsonSchemaType.Integer | JsonSchemaType.String) => "integer",
            JsonSchemaType.Number or (JsonSchemaType.Number | JsonSchemaType.String) => "number",
            JsonSchemaType.Boolean => "true or false",
            JsonSchemaType.Array => "array",
            _ => "object",
        };
        return type.HasFlag(JsonSchemaType.Null) ? name + " or null" : name;
    }

    private static void Write(StringBuilder text, IOpenApiSchema schema, int depth)
    {
        if (depth < DepthMax && schema.Properties is { Count: > 0 } properties)
        {
            text.Append("{\n");
            var left = properties.Count;
            foreach (var (name, property) in properties)
            {
                text.Append(' ', (depth + 1) * 2).Append('"').Append(name).Append("\": ");
                Write(text, property, depth + 1);
                text.Append(--left > 0 ? ",\n" : "\n");
            }

            text.Append(' ', depth * 2).Append('}');
        }
        else if (depth < DepthMax && schema.Items is { } items)
        {
            text.Append("[ ");
            Write(text, items, depth);
            text.Append(", … ]");
        }
        else if (schema.OneOf is { Count: > 0 } choices)
        {
            Write(text, choices.FirstOrDefault(choice => choice.Type != JsonSchemaType.Null) ?? choices[0], depth);
        }
        else
        {
            text.Append(TypeOf(schema));
        }
    }
}
