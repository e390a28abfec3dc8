using System.Text.Json;

namespace BillingPortal.Tests.Contract;

/// <summary>
/// Compares the shape of an answer with a pattern: the same names, the same kinds of values; never the values themselves. In a
/// pattern null stands for anything, a name ending in <c>?</c> may be missing, an array's first element for each of them.
/// </summary>
internal static class JsonShape
{
    public static void AssertFits(string pattern, JsonElement actual)
    {
        using var document = JsonDocument.Parse(pattern);
        var differences = Differences(document.RootElement, actual);
        Assert.True(differences.Count == 0, $"{string.Join('\n', differences)}\nin {actual}");
    }

    public static IReadOnlyList<string> Differences(JsonElement pattern, JsonElement actual, string path = "$") =>
        pattern.ValueKind switch
        {
            JsonValueKind.Null => [],
            JsonValueKind.Object when actual.ValueKind is JsonValueKind.Object => OfMembers(pattern, actual, path),
            JsonValueKind.Array when actual.ValueKind is JsonValueKind.Array => OfItems(pattern, actual, path),
            JsonValueKind.True or JsonValueKind.False when actual.ValueKind is JsonValueKind.True or JsonValueKind.False => [],
            var kind when kind == actual.ValueKind => [],
            var kind => [$"{path} is {actual.ValueKind}, not {kind}"],
        };

    private static IReadOnlyList<string> OfMembers(JsonElement pattern, JsonElement actual, string path)
    {
        var known = pattern.EnumerateObject().ToDictionary(member => member.Name.TrimEnd('?'), StringComparer.Ordinal);
        var missing = known.Values.Where(member => !member.Name.EndsWith('?') && !actual.TryGetProperty(member.Name, out _))
            .Select(member => $"{path}.{member.Name} is missing");
        var different = actual.EnumerateObject().SelectMany(member => known.TryGetValue(member.Name, out var expected)
            ? Differences(expected.Value, member.Value, $"{path}.{member.Name}")
            : [$"{path}.{member.Name} is not in the contract"]);
        return [.. missing, .. different];
    }

    private static IReadOnlyList<string> OfItems(JsonElement pattern, JsonElement actual, string path) =>
        pattern.GetArrayLength() == 0
            ? []
            : [.. actual.EnumerateArray().SelectMany((item, index) => Differences(pattern[0], item, $"{path}[{index}]"))];
}
