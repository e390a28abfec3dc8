using System.Reflection;
using BillingPortal.Tests.House;

namespace BillingPortal.Tests.Security;

/// <summary>
/// The list of <c>build/planted-bugs.sh</c> keeps up with the source: each bug can still be planted, and its test is still there.
/// Whether the test then turns red, the script shows.
/// </summary>
public sealed class PlantedBugTests
{
    [Fact]
    public void Each_bug_can_still_be_planted_and_its_test_is_there()
    {
        var bugs = Read();
        var wrong = bugs.SelectMany(Faults).ToList();

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(bugs.Count >= 20, $"There are {bugs.Count} bugs.");
        Assert.Equal(bugs.Count, bugs.Select(bug => bug.Name).Distinct().Count());
    }

    private static IEnumerable<string> Faults(Bug bug)
    {
        var (type, method) = bug.Test.LastIndexOf('.') is var dot and > 0 ? (bug.Test[..dot], bug.Test[(dot + 1)..]) : ("", "");
        if (typeof(PlantedBugTests).Assembly.GetType(type)?.GetMethod(method)?.GetCustomAttribute<FactAttribute>() is null)
        {
            yield return $"{bug.Name}: there is no test {bug.Test}";
        }

        if (bug.File is null && bug.Sql is null)
        {
            yield return $"{bug.Name}: names neither a file nor a statement";
        }
        else if (bug.File is not null)
        {
            var path = Path.Combine(SourceTree.Root, bug.File);
            var count = File.Exists(path) ? File.ReadAllText(path).Split(bug.Old).Length - 1 : 0;
            if (count != 1 || bug.Old.Length == 0 || bug.Old == bug.New)
            {
                yield return $"{bug.Name}: its text stands {count} times in {bug.File}";
            }
        }
    }

    private static List<Bug> Read()
    {
        var bugs = new List<Bug>();
        foreach (var line in File.ReadLines(Path.Combine(SourceTree.Root, "build", "planted-bugs.txt")))
        {
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            var (word, rest) = line.Split(' ', 2) is [var first, var more] ? (first, more) : (line, "");
            var bug = word == "bug" ? new Bug(rest, "", null, null, "", "") : bugs[^1];
            if (word == "bug")
            {
                bugs.Add(bug);
            }

            bugs[^1] = word switch
            {
                "test" => bug with { Test = rest },
                "file" => bug with { File = rest },
                "sql" => bug with { Sql = rest },
                "-" => bug with { Old = bug.Old.Length == 0 ? rest : $"{bug.Old}\n{rest}" },
                "+" => bug with { New = bug.New.Length == 0 ? rest : $"{bug.New}\n{rest}" },
                "bug" or "what" => bug,
                _ => throw new FormatException($"build/planted-bugs.txt: '{line}' is none of its words."),
            };
        }

        return bugs;
    }

    private sealed record Bug(string Name, string Test, string? File, string? Sql, string Old, string New);
}
