using System.Text.RegularExpressions;

namespace BillingPortal.Tests.House;

/// <summary>docs/asvs.md says of each requirement where the portal stands, and every test and file that it names is there.</summary>
public sealed partial class AsvsTests
{
    private static readonly string[] States = ["met", "part", "open", "operator", "n/a"];

    // Levels 1 and 2 of ASVS 5.0.0, by section: the highest number, and those that are of level 3.
    private static readonly (string Section, int Last, int[] Higher)[] Sections =
    [
        ("1.1", 2, []), ("1.2", 10, [10]), ("1.3", 12, [12]), ("1.4", 3, []), ("1.5", 3, [3]), ("2.1", 3, []), ("2.2", 3, []),
        ("2.3", 5, [5]), ("2.4", 2, [2]), ("3.2", 3, [3]), ("3.3", 5, [5]), ("3.4", 8, [7, 8]), ("3.5", 8, [6, 7, 8]),
        ("3.7", 5, [3, 4, 5]), ("4.1", 5, [4, 5]), ("4.2", 5, [2, 3, 4, 5]), ("4.3", 2, []), ("4.4", 4, []), ("5.1", 1, []),
        ("5.2", 6, [4, 5, 6]), ("5.3", 3, [3]), ("5.4", 3, []), ("6.1", 3, []), ("6.2", 12, []), ("6.3", 8, [5, 6, 7, 8]),
        ("6.4", 6, [5, 6]), ("6.5", 8, [6, 7, 8]), ("6.6", 4, [4]), ("6.8", 4, []), ("7.1", 3, []), ("7.2", 4, []), ("7.3", 2, []),
        ("7.4", 5, []), ("7.5", 3, [3]), ("7.6", 2, []), ("8.1", 4, [3, 4]), ("8.2", 4, [4]), ("8.3", 3, [2, 3]), ("8.4", 2, [2]),
        ("9.1", 3, []), ("9.2", 4, []), ("10.1", 2, []), ("10.2", 3, [3]), ("10.3", 5, [5]), ("10.4", 16, [12, 13, 14, 15, 16]),
        ("10.5", 5, []), ("10.6", 2, []), ("10.7", 3, []), ("11.1", 4, [3, 4]), ("11.2", 5, [4, 5]), ("11.3", 5, [4, 5]), ("11.4", 4, []),
        ("11.5", 2, [2]), ("11.6", 2, [2]), ("12.1", 5, [4, 5]), ("12.2", 2, []), ("12.3", 5, [5]), ("13.1", 4, [2, 3, 4]),
        ("13.2", 6, [6]), ("13.3", 4, [3, 4]), ("13.4", 7, [6, 7]), ("14.1", 2, []), ("14.2", 8, [5, 6, 7, 8]), ("14.3", 3, []),
        ("15.1", 5, [4, 5]), ("15.2", 5, [4, 5]), ("15.3", 7, []), ("16.1", 1, []), ("16.2", 5, []), ("16.3", 4, []), ("16.4", 3, []),
        ("16.5", 4, [4]), ("17.1", 2, [2]), ("17.2", 8, [5, 6, 7, 8]), ("17.3", 2, []),
    ];

    private static string Text => File.ReadAllText(Path.Combine(SourceTree.Root, "docs/asvs.md"));

    private static IReadOnlyList<Row> Rows => [.. Line().Matches(Text).Select(line =>
        new Row(line.Groups[1].Value, line.Groups[3].Value.Trim(), line.Groups[4].Value.Trim(), line.Groups[5].Value))];

    [Fact]
    public void Every_requirement_of_the_two_levels_has_one_row()
    {
        var wanted = Sections.SelectMany(section => Enumerable.Range(1, section.Last).Except(section.Higher)
            .Select(number => $"{section.Section}.{number}")).ToList();
        var written = Rows.SelectMany(row => IdsOf(row.Ids)).ToList();

        Assert.Empty(wanted.Except(written));
        Assert.Equal(written.Count, written.Distinct().Count());
    }

    [Fact]
    public void Every_row_has_a_state_and_what_is_not_met_says_why() => Assert.All(Rows, row =>
    {
        Assert.Contains(row.State, States);
        Assert.True(row.State is "met" || row.How.Length > 0, $"{row.Ids} gives no reason.");
        Assert.True(row.State is not "met" || row.Evidence.Contains('`', StringComparison.Ordinal), $"{row.Ids} names no evidence.");
    });

    [Fact]
    public void Every_test_and_file_that_is_named_exists()
    {
        var tests = SourceTree.Files("BillingPortal.Tests", "*Tests.cs")
            .GroupBy(file => Path.GetFileNameWithoutExtension(file))
            .ToDictionary(files => files.Key, files => string.Concat(files.Select(File.ReadAllText)));

        Assert.Empty(
            from row in Rows
            from name in Marked().Matches(row.Evidence).Select(mark => mark.Groups[1].Value)
            where !(name.Contains('/', StringComparison.Ordinal) ? File.Exists(Path.Combine(SourceTree.Root, name)) : IsTest(tests, name))
            select $"{row.Ids}: {name}");
    }

    private static bool IsTest(Dictionary<string, string> tests, string name) =>
        name.Split('.') is var parts && tests.TryGetValue(parts[0], out var source)
        && (parts.Length == 1 || source.Contains($" {parts[1]}(", StringComparison.Ordinal));

    // "1.2.6–1.2.8" and "12.1.1–12.1.2, 12.2.1–12.2.2"; a range across sections takes each section's whole.
    private static IEnumerable<string> IdsOf(string ids) => ids.Split(", ").SelectMany(part =>
    {
        var all = Sections
            .SelectMany(section => Enumerable.Range(1, section.Last).Select(number => $"{section.Section}.{number}")).ToList();
        var ends = part.Split('–');
        return ends.Length == 1 ? [part] : all[all.IndexOf(ends[0])..(all.IndexOf(ends[1]) + 1)];
    });

    [GeneratedRegex(@"^\| (\d[\d.–, ]*) \| ([^|]*)\|([^|]*)\|([^|]*)\|([^|\n]*)\|$", RegexOptions.Multiline)]
    private static partial Regex Line();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Marked();

    private sealed record Row(string Ids, string State, string How, string Evidence);
}
