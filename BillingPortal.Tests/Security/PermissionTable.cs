using BillingPortal.Tests.House;

namespace BillingPortal.Tests.Security;

/// <summary>The rows of docs/permissions.md: an address, and for each kind of caller whether it may come.</summary>
internal sealed record PermissionTable(IReadOnlyList<string> Callers, IReadOnlyDictionary<string, bool[]> Rows)
{
    public static PermissionTable Read()
    {
        var lines = File.ReadAllLines(Path.Combine(SourceTree.Root, "docs", "permissions.md"))
            .Where(line => line.StartsWith('|')).Select(line => line.Trim('|').Split('|').Select(cell => cell.Trim()).ToArray()).ToList();
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
        return new PermissionTable(callers, rows);
    }
}
