using System.Text.Json;
using System.Text.RegularExpressions;

namespace BillingPortal.Tests.House;

/// <summary>Every package of the lock files stands in docs/dependencies.md with its version and a licence that may be used.</summary>
public sealed partial class DependencyTests
{
    private static readonly string[] Licences = ["MIT", "Apache-2.0", "BSD-3-Clause", "PostgreSQL", "MS-PL OR Apache-2.0"];

    private static IReadOnlyList<Row> Rows => [.. Line().Matches(File.ReadAllText(Path.Combine(SourceTree.Root, "docs/dependencies.md")))
        .Select(line => new Row(line.Groups[1].Value, line.Groups[2].Value, line.Groups[3].Value))];

    [Fact]
    public void The_table_has_every_package_and_no_other()
    {
        var locked = Directory.GetDirectories(SourceTree.Root).Select(folder => Path.Combine(folder, "packages.lock.json"))
            .Where(File.Exists).SelectMany(Packages).Distinct(StringComparer.Ordinal).ToList();
        var written = Rows.Select(row => $"{row.Name} {row.Version}").ToList();

        Assert.NotEmpty(locked);
        Assert.Empty(locked.Except(written));
        Assert.Empty(written.Except(locked));
    }

    [Fact]
    public void Every_licence_is_one_that_may_be_used() => Assert.All(Rows, row => Assert.Contains(row.Licence, Licences));

    private static IEnumerable<string> Packages(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(file));
        foreach (var framework in document.RootElement.GetProperty("dependencies").EnumerateObject())
        {
            foreach (var package in framework.Value.EnumerateObject())
            {
                if (package.Value.GetProperty("type").GetString() is not "Project")
                {
                    yield return $"{package.Name} {package.Value.GetProperty("resolved").GetString()}";
                }
            }
        }
    }

    [GeneratedRegex(@"^\| ([\w.-]+) \| ([\d.]+\S*) \| ([^|]+) \| (?:yes|–) \|$", RegexOptions.Multiline)]
    private static partial Regex Line();

    private sealed record Row(string Name, string Version, string Licence);
}
