using System.Text.RegularExpressions;

namespace BillingPortal.Tests.House;

/// <summary>Who may import whom. A new arrow between rooms fails here until its README names the neighbour.</summary>
public sealed partial class RoomsTests
{
    private static readonly string[] Feature =
        ["Kernel", "Data", "Outbox", "Ledger", "Providers", "Tenants", "Audit", "Pricing", "Components", "Web"];

    // The foundation's rooms have fixed arrows; every other room may import these and the neighbours in its README.
    private static readonly Dictionary<string, string[]> Fixed = new()
    {
        ["Kernel"] = [],
        ["Data"] = ["Kernel"],
        ["Outbox"] = ["Kernel", "Data"],
        ["Ledger"] = ["Kernel", "Data", "Outbox"],
        ["Providers"] = ["Kernel"],
        ["Audit"] = ["Kernel", "Data", "Tenants", "Components"],
    };

    // The root files compose the rooms and may name them all.
    private static IEnumerable<string> Rooms => Directory.GetDirectories(Path.Combine(SourceTree.Root, "BillingPortal"))
        .Select(folder => Path.GetFileName(folder)!)
        .Where(name => name is not ("bin" or "obj" or "wwwroot" or "Migrations" or "Properties"));

    [Fact]
    public void No_room_imports_a_room_it_may_not_know()
    {
        var arrows = from room in Rooms
                     from file in SourceTree.Files($"BillingPortal/{room}", "*.*")
                     where file.EndsWith(".cs", StringComparison.Ordinal) || file.EndsWith(".razor", StringComparison.Ordinal)
                     from match in RoomName().Matches(File.ReadAllText(file))
                     let imported = match.Groups[1].Value
                     where imported != room && Rooms.Contains(imported) && !Allowed(room).Contains(imported)
                     select $"{SourceTree.Relative(file)} imports {imported}";

        Assert.Empty(arrows.Distinct());
    }

    [Fact]
    public void No_two_rooms_import_each_other()
    {
        var mutual = from room in Rooms
                     from neighbour in Neighbours(room)
                     where string.CompareOrdinal(room, neighbour) < 0 && Neighbours(neighbour).Contains(room)
                     select $"{room} and {neighbour}";

        Assert.Empty(mutual);
    }

    [Fact]
    public void Entrances_touch_neither_the_database_nor_the_wire()
    {
        var violations = from file in SourceTree.Files("BillingPortal", "*.cs")
                         where Entrance().IsMatch(Path.GetFileName(file))
                         from forbidden in new[] { "UnitOfWork", "BillingDb", "DbContext", "LedgerWriter", "HttpClient" }
                         where Regex.IsMatch(File.ReadAllText(file), $@"\b{forbidden}\b")
                         select $"{SourceTree.Relative(file)} uses {forbidden}";

        Assert.Empty(violations);
    }

    private static string[] Allowed(string room) => Fixed.TryGetValue(room, out var rooms) ? rooms : [.. Feature, .. Neighbours(room)];

    // «Neighbours: Purchases, Cards» in the room's README.
    private static string[] Neighbours(string room)
    {
        var readme = Path.Combine(SourceTree.Root, "BillingPortal", room, "README.md");
        var match = File.Exists(readme) ? NeighbourLine().Match(File.ReadAllText(readme)) : Match.Empty;
        return match.Success ? [.. match.Groups[1].Value.Split(',').Select(name => name.Trim().TrimEnd('.'))] : [];
    }

    [GeneratedRegex(@"\bBillingPortal\.([A-Z][A-Za-z]+)\b")]
    private static partial Regex RoomName();

    [GeneratedRegex(@"(Endpoints|Page\.razor|Job)\.cs$")]
    private static partial Regex Entrance();

    [GeneratedRegex(@"^Neighbours: (.+)$", RegexOptions.Multiline)]
    private static partial Regex NeighbourLine();
}
