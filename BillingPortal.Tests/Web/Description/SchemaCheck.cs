using System.Text.Json;

namespace BillingPortal.Tests.Web.Description;

/// <summary>As much of JSON Schema as the description uses: types, members, items, choices, references. Strict: no member more.</summary>
internal sealed class SchemaCheck(JsonElement document)
{
    public IReadOnlyList<string> Faults(JsonElement schema, JsonElement value, string path = "$")
    {
        if (schema.TryGetProperty("$ref", out var reference))
        {
            return Faults(Resolve(reference.GetString()!), value, path);
        }

        if (schema.TryGetProperty("oneOf", out var choices) || schema.TryGetProperty("anyOf", out choices))
        {
            var tried = choices.EnumerateArray().Select(choice => Faults(choice, value, path)).ToList();
            return tried.Any(faults => faults.Count == 0) ? [] : [.. tried.SelectMany(faults => faults)];
        }

        if (!schema.TryGetProperty("type", out var type))
        {
            return [];
        }

        string[] types = type.ValueKind is JsonValueKind.Array
            ? [.. type.EnumerateArray().Select(one => one.GetString()!)]
            : [type.GetString()!];
        return types.Any(one => Is(one, value))
            ? Inside(schema, value, path)
            : [$"{path} is {value.ValueKind}, not {string.Join('|', types)}"];
    }

    public JsonElement Resolve(string reference)
    {
        var place = document;
        foreach (var part in reference.TrimStart('#', '/').Split('/'))
        {
            if (!place.TryGetProperty(part, out place))
            {
                throw new KeyNotFoundException($"{reference} leads nowhere.");
            }
        }

        return place;
    }

    private List<string> Inside(JsonElement schema, JsonElement value, string path)
    {
        if (value.ValueKind is JsonValueKind.Array && schema.TryGetProperty("items", out var items))
        {
            return [.. value.EnumerateArray().SelectMany((item, index) => Faults(items, item, $"{path}[{index}]"))];
        }

        if (value.ValueKind is not JsonValueKind.Object || !schema.TryGetProperty("properties", out var properties))
        {
            return [];
        }

        var faults = new List<string>();
        if (schema.TryGetProperty("required", out var required))
        {
            faults.AddRange(required.EnumerateArray().Where(name => !value.TryGetProperty(name.GetString()!, out _))
                .Select(name => $"{path}.{name} is missing"));
        }

        foreach (var member in value.EnumerateObject())
        {
            faults.AddRange(properties.TryGetProperty(member.Name, out var known)
                ? Faults(known, member.Value, $"{path}.{member.Name}")
                : schema.TryGetProperty("additionalProperties", out _) || path.Contains("metadata", StringComparison.Ordinal)
                    ? []
                    : [$"{path}.{member.Name} is not described"]);
        }

        return faults;
    }

    private static bool Is(string type, JsonElement value) => type switch
    {
        "null" => value.ValueKind is JsonValueKind.Null,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "string" => value.ValueKind is JsonValueKind.String,
        "number" => value.ValueKind is JsonValueKind.Number,
        "integer" => value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out _),
        "array" => value.ValueKind is JsonValueKind.Array,
        _ => value.ValueKind is JsonValueKind.Object,
    };
}
