using System.Text.RegularExpressions;
using BillingPortal.Tests.House;

namespace BillingPortal.Tests.Security;

/// <summary>The rows of docs/permissions.md: an address, and for each kind of caller whether it may come.</summary>
internal sealed partial record PermissionTable(
    IReadOnlyList<string> Callers, IReadOnlyDictionary<string, bool[]> Rows, IReadOnlyDictionary<string, bool> Viewing)
{
    /// <summary>What the document says of staff that looks at a tenant: a viewer's GETs, and the exceptions it lists.</summary>
    public bool IsOpenToViewing(string address) =>
        Viewing.TryGetValue(address, out var allowed)
            ? allowed
            : address.StartsWith("GET ", StringComparison.Ordinal) && Rows[address][Callers.ToList().IndexOf("viewer")];

    public static PermissionTable Read()
    {
        var text = File.ReadAllLines(Path.Combine(SourceTree.Root, "docs", "permissions.md"));
        var viewing = text.Select(line => Exception().Match(line)).Where(match => match.Success)
            .ToDictionary(match => match.Groups["address"].Value, match => match.Groups["word"].Value == "allowed");
        var lines = text.Where(line => line.StartsWith('|'))
            .Select(line => line.Trim('|').Split('|').Select(cell => cell.Trim()).ToArray()).ToList();
        var callers = lines.First(cells => cells[0] == "address")[1..];
        var rows = lines.Where(cells => cells[0].StartsWith('`')).ToDictionary(
            cells => cells[0].Trim('`'),
            cells => cells[1..].Select(cell => cell switch
            {
                "yes" => true,
                "–" => false,
                _ => throw new FormatException($"{cells[0]}: a cell says yes or –, not '{cell}'."),
            }).ToArray());
        Assert.All(rows, row => Assert.True(row.Value.Length == callers.Length, $"{row.Key} has {row.Value.Length} cells."));
        Assert.All(viewing, exception => Assert.Contains(exception.Key, rows.Keys));
        return new PermissionTable(callers, rows, viewing);
    }

    [GeneratedRegex("^- viewing is (?<word>allowed|refused) `(?<address>[^`]+)`")]
    private static partial Regex Exception();
}
