using System.Text.RegularExpressions;
using BillingPortal.Tests.House;
using BillingPortal.Web;

namespace BillingPortal.Tests.Web.Description;

/// <summary>The catalog of codes against the source: no code is answered that it does not know, none stands there for nothing.</summary>
public sealed partial class ProblemCatalogTests
{
    // Refusals of pages, of the staff's files and of the import: nothing that a program is answered.
    private static readonly string[] NotOfTheInterface = ["invalid_countries", "invalid_number", "invalid_scope", "unknown_tenant"];

    [Fact]
    public void Every_code_of_the_source_is_in_the_catalog_and_every_one_of_the_catalog_in_the_source()
    {
        var source = Codes().Except(NotOfTheInterface).ToHashSet(StringComparer.Ordinal);
        var catalog = ProblemCatalog.All.Select(code => code.Code).ToHashSet(StringComparer.Ordinal);

        Assert.True(source.SetEquals(catalog),
            $"Not in ProblemCatalog: {string.Join(", ", source.Except(catalog))}. "
            + $"Not in the source: {string.Join(", ", catalog.Except(source))}");
    }

    [Fact]
    public void Codes_are_words_with_underscores_and_meanings_are_sentences()
    {
        Assert.All(ProblemCatalog.All, code => Assert.Matches("^[a-z]+(_[a-z]+)*$", code.Code));
        Assert.All(ProblemCatalog.All, code => Assert.EndsWith(".", code.Meaning, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Codes() =>
        from file in SourceTree.Files("BillingPortal", "*.cs")
        where !file.EndsWith("ProblemCatalog.cs", StringComparison.Ordinal)
        let text = File.ReadAllText(file)
        let places = Path.GetFileName(file) switch
        {
            "UsageEvent.cs" => Any().Matches(text),
            "ApiProblems.cs" => OfStatus().Matches(text),
            _ => Literal().Matches(text),
        }
        from place in places.Concat(Literal().Matches(text))
        select place.Groups[1].Value;

    [GeneratedRegex(
        "(?:Problems\\.[A-Z]\\w+|Refused|Invalid|UsageFault|SmsRefusalKind\\.\\w+,|SmsRefusal)\\s*\\(?\\s*\"([a-z]+(?:_[a-z]+)+)\"")]
    private static partial Regex Literal();

    [GeneratedRegex("new\\(\"([a-z]+(?:_[a-z]+)+)\"")]
    private static partial Regex Any();

    [GeneratedRegex("(?:status|exception\\.StatusCode|Error),\\s*\"([a-z]+(?:_[a-z]+)*)\"")]
    private static partial Regex OfStatus();
}
