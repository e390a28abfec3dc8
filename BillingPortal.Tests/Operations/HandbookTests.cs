using System.Globalization;
using System.Text.RegularExpressions;
using BillingPortal.Tests.House;
using BillingPortal.Tests.Support;
using Npgsql;

namespace BillingPortal.Tests.Operations;

/// <summary>What the operator's handbook tells to type exists: commands, statements, files, sections.</summary>
public sealed partial class HandbookTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly IReadOnlyList<string> Pages =
        [.. Directory.GetFiles(Path.Combine(SourceTree.Root, "docs", "operations"), "*.md").Append(
            Path.Combine(SourceTree.Root, "docs", "operations.md"))];

    [Fact]
    public void Every_command_is_one_of_the_portals() => Assert.Empty(
        from page in Pages
        from match in Verb().Matches(File.ReadAllText(page))
        where !CommandLine.IsVerb([match.Groups[1].Value])
        select $"{SourceTree.Relative(page)}: {match.Value}");

    [Fact]
    public void Every_job_that_is_run_by_hand_is_in_the_schedule() => Assert.Empty(
        from page in Pages
        from match in Job().Matches(File.ReadAllText(page))
        where Schedule.Jobs.All(job => job.Name != match.Groups[1].Value)
        select $"{SourceTree.Relative(page)}: {match.Value}");

    [Fact]
    public void Every_link_leads_to_a_file_and_a_section() => Assert.Empty(
        from page in Pages
        from match in Link().Matches(File.ReadAllText(page))
        let file = match.Groups[1].Value.Length == 0 ? page : Path.Combine(Path.GetDirectoryName(page)!, match.Groups[1].Value)
        where !File.Exists(file) || (match.Groups[2].Success && !Anchors(file).Contains(match.Groups[2].Value))
        select $"{SourceTree.Relative(page)}: {match.Value}");

    // Explained, not run: names of tables and columns, functions and their types are checked all the same.
    [Fact]
    public async Task Every_statement_is_understood_by_the_database()
    {
        await using var source = NpgsqlDataSource.Create(postgres.Connections.Owner);
        List<string> refused = [];
        foreach (var (page, statement) in Pages.SelectMany(page => Statements(File.ReadAllText(page)).Select(found => (page, found))))
        {
            try
            {
                await using var explain = source.CreateCommand($"EXPLAIN {statement}");
                await explain.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            }
            catch (PostgresException exception)
            {
                refused.Add($"{SourceTree.Relative(page)}: {exception.MessageText}: {statement}");
            }
        }

        Assert.Empty(refused);
    }

    [Fact]
    public void The_service_manager_waits_longer_than_the_portal_takes_to_stop()
    {
        var unit = File.ReadAllText(Path.Combine(SourceTree.Root, "ops", "billing-portal.service"));
        var patience = int.Parse(StopPatience().Match(unit).Groups[1].Value, CultureInfo.InvariantCulture);

        Assert.True(patience > 40, "docs/operations/install.md, Stopping a process: 40 s by default");
    }

    [Fact]
    public void Everything_that_the_container_copies_is_there() => Assert.Empty(
        from match in Copied().Matches(File.ReadAllText(Path.Combine(SourceTree.Root, "Containerfile")))
        from name in match.Groups[1].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)[..^1]
        where !Path.Exists(Path.Combine(SourceTree.Root, name))
        select name);

    // Blocks of SQL, and statements between backticks or quotes that stand in the text; those with a gap to fill in are left out.
    private static IEnumerable<string> Statements(string page) =>
        Block().Matches(page).Select(block => block.Groups[1].Value)
            .Concat(Inline().Matches(page).Select(inline => inline.Groups[1].Value))
            .SelectMany(text => text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Where(statement => Explainable().IsMatch(statement)
                && !statement.Contains('…', StringComparison.Ordinal)
                && !statement.Contains("terminate_backend", StringComparison.Ordinal));

    private static HashSet<string> Anchors(string file) => [.. Heading().Matches(File.ReadAllText(file))
        .Select(match => NotInAnchor().Replace(match.Groups[1].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'))];

    [GeneratedRegex(@"dotnet BillingPortal\.dll ([a-z-]+)")]
    private static partial Regex Verb();

    [GeneratedRegex(@"(?:BillingPortal\.dll|/run) job ([a-z-]+)")]
    private static partial Regex Job();

    [GeneratedRegex(@"\]\(((?!https?:)[^)#]*)(?:#([^)]+))?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^a-z0-9 _-]")]
    private static partial Regex NotInAnchor();

    [GeneratedRegex(@"```sql\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"`((?:SELECT|UPDATE|DELETE) [^`]+)`")]
    private static partial Regex Inline();

    [GeneratedRegex(@"^(SELECT|UPDATE|DELETE) ")]
    private static partial Regex Explainable();

    [GeneratedRegex(@"^TimeoutStopSec=(\d+)$", RegexOptions.Multiline)]
    private static partial Regex StopPatience();

    [GeneratedRegex(@"^COPY (?!--from)(.+)$", RegexOptions.Multiline)]
    private static partial Regex Copied();
}
