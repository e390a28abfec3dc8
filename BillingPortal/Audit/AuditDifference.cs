using System.Text.Json;
using System.Text.RegularExpressions;

namespace BillingPortal.Audit;

/// <summary>One property of what was changed, before and after; a dash where it was not there.</summary>
public sealed record AuditDifference(string Name, string Before, string After)
{
    public bool IsChanged => Before != After;
}

/// <summary>Lays the two sides of a line beside each other. Pure; bears any JSON.</summary>
public static partial class AuditDifferences
{
    private const string Nothing = "–";
    private const int ValueMax = 300;

    public static IReadOnlyList<AuditDifference> Of(string? before, string? after)
    {
        var (left, right) = (Read(before), Read(after));
        return [.. left.Keys.Union(right.Keys, StringComparer.Ordinal).Select(name => new AuditDifference(
            Words(name), left.GetValueOrDefault(name, Nothing), right.GetValueOrDefault(name, Nothing)))];
    }

    private static Dictionary<string, string> Read(string? json)
    {
        if (json is null)
        {
            return [];
        }

        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind is JsonValueKind.Object
            ? document.RootElement.EnumerateObject()
                .Where(property => property.Value.ValueKind is not JsonValueKind.Null)
                .ToDictionary(property => property.Name, property => Text(property.Value), StringComparer.Ordinal)
            : new() { ["value"] = Text(document.RootElement) };
    }

    private static string Text(JsonElement value)
    {
        var text = value.ValueKind switch
        {
            JsonValueKind.True => "Yes",
            JsonValueKind.False => "No",
            JsonValueKind.String => value.GetString()!,
            _ => value.GetRawText(),
        };
        return text.Length <= ValueMax ? text : text[..ValueMax] + "…";
    }

    // «validFrom» reads «Valid from».
    private static string Words(string name)
    {
        var words = Boundary().Replace(name, " $1").ToLowerInvariant();
        return words.Length == 0 ? name : char.ToUpperInvariant(words[0]) + words[1..];
    }

    [GeneratedRegex("(?<=[a-z0-9])([A-Z])")]
    private static partial Regex Boundary();
}
