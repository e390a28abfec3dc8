using System.Text.RegularExpressions;

namespace BillingPortal.Tests.House;

/// <summary>The hard size budgets: a file that outgrows them is split, not excused.</summary>
public sealed partial class BudgetTests
{
    private const int FileLinesMax = 300;
    private const int TestFileLinesMax = 400;
    private const int MethodLinesMax = 70;
    private const int LineLengthMax = 140;

    private static readonly string[] Projects =
    [
        "BillingPortal", "BillingPortal.Sandbox", "BillingPortal.Tests", "BillingPortal.Benchmarks", "BillingPortal.Processes",
        "BillingPortal.Faults",
    ];

    private static IEnumerable<string> Sources =>
        from project in Projects
        from pattern in new[] { "*.cs", "*.razor", "*.css", "*.js", "*.sql" }
        from file in SourceTree.Files(project, pattern)
        where !file.EndsWith(".min.js", StringComparison.Ordinal) && !file.Contains("/_framework/", StringComparison.Ordinal)
        select file;

    [Fact]
    public void No_file_is_longer_than_its_budget() => Assert.Empty(
        from file in Sources
        let lines = File.ReadLines(file).Count()
        where lines > (file.Contains("/BillingPortal.Tests/", StringComparison.Ordinal) ? TestFileLinesMax : FileLinesMax)
        select $"{SourceTree.Relative(file)}: {lines} lines");

    [Fact]
    public void No_line_of_code_is_longer_than_its_budget() => Assert.Empty(
        from file in Sources
        where file.EndsWith(".cs", StringComparison.Ordinal)
        from line in File.ReadLines(file).Index()
        where line.Item.Length > LineLengthMax
        select $"{SourceTree.Relative(file)}:{line.Index + 1}: {line.Item.Length} characters");

    [Fact]
    public void No_method_is_longer_than_its_budget() => Assert.Empty(
        from file in Sources
        where file.EndsWith(".cs", StringComparison.Ordinal)
        from method in Methods(File.ReadAllLines(file))
        where method.Lines > MethodLinesMax
        select $"{SourceTree.Relative(file)}:{method.Start}: {method.Lines} lines");

    [Fact]
    public void Every_type_says_what_it_is_for() => Assert.Empty(
        from file in SourceTree.Files("BillingPortal", "*.cs")
        let lines = File.ReadAllLines(file)
        from line in lines.Index()
        where TopLevelType().IsMatch(line.Item) && !Documented(lines, line.Index) && !file.EndsWith(".razor.cs", StringComparison.Ordinal)
        select $"{SourceTree.Relative(file)}:{line.Index + 1}");

    // Members of a type stand at one indentation: from the brace that opens one to the brace that closes it.
    private static IEnumerable<(int Start, int Lines)> Methods(string[] lines)
    {
        for (var index = 1; index < lines.Length; index++)
        {
            if (lines[index] != "    {" || TypeKeyword().IsMatch(lines[index - 1]))
            {
                continue;
            }

            var end = Array.FindIndex(lines, index, line => line is "    }" or "    };");
            if (end > 0)
            {
                yield return (index, end - index - 1);
            }
        }
    }

    private static bool Documented(string[] lines, int index)
    {
        while (--index >= 0 && (lines[index].StartsWith('[') || lines[index].StartsWith(' ')))
        {
        }

        return index >= 0 && lines[index].StartsWith("///", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^(public|internal) .*\b(class|record|struct|interface|enum) [A-Z]")]
    private static partial Regex TopLevelType();

    [GeneratedRegex(@"\b(class|record|struct|interface|enum) [A-Z]")]
    private static partial Regex TypeKeyword();
}
