using System.Text.RegularExpressions;
using BillingPortal.Ledger;
using BillingPortal.Tests.House;
using BillingPortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Monitoring;

/// <summary>ops/alerts.yml, the portal's figures and the runbook say the same.</summary>
public sealed partial class AlertRulesTests(AlertRulesTests.WatchedPortal portal) : IClassFixture<AlertRulesTests.WatchedPortal>
{
    private static readonly string Rules = File.ReadAllText(Path.Combine(SourceTree.Root, "ops", "alerts.yml"));

    private static readonly string[] Labels = ["db_client_connection_pool_name"];

    [Fact]
    public async Task Every_metric_in_the_rules_is_one_of_a_new_portals()
    {
        await portal.Services.GetRequiredService<LedgerAudit>().RunAsync(full: true);
        await portal.Bearer("nobody's-key").GetAsync("/api/credits");
        var text = await portal.Browser().GetStringAsync("/metrics");
        var known = Family().Matches(text).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        var used = Expressions().Matches(Rules).SelectMany(rule => Metric().Matches(rule.Value)).Select(match => match.Value)
            .Except(Labels).ToHashSet(StringComparer.Ordinal);

        Assert.True(used.Count > 15, "The rules were not read.");
        Assert.Empty(used.Where(name => !known.Contains(name)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_alert_has_a_section_in_the_runbook_and_every_section_an_alert()
    {
        var runbook = File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "operations.md"));
        var alerts = Alert().Matches(Rules).Select(match => (Name: match.Groups[1].Value, Anchor: match.Groups[2].Value)).ToList();

        Assert.Equal(Regex.Count(Rules, "- alert:"), alerts.Count);
        Assert.All(alerts, alert => Assert.Equal(alert.Name.ToLowerInvariant(), alert.Anchor));
        Assert.Empty(alerts.Where(alert =>
            !Regex.IsMatch(runbook, $"^#+ {alert.Name}\\s*$", RegexOptions.Multiline)).Select(alert => alert.Name));
    }

    /// <summary>A portal that reads its state anew for every scrape.</summary>
    public sealed class WatchedPortal : PortalHost
    {
        protected override IEnumerable<KeyValuePair<string, string>> Settings => [new("Metrics:ReadEverySeconds", "0")];
    }

    [GeneratedRegex("^([a-z_]+[a-z0-9_]*)[ {]", RegexOptions.Multiline)]
    private static partial Regex Family();

    [GeneratedRegex(@"expr:(.*(?:\n {10,}.*)*)")]
    private static partial Regex Expressions();

    // Names with an underscore that no function, label or keyword has.
    [GeneratedRegex(@"\b(?:billing|http|db|aspnetcore|dotnet|kestrel)_[a-z0-9_]+\b(?!=|\s*=~|\s*!~)")]
    private static partial Regex Metric();

    [GeneratedRegex(@"- alert: (\w+)\n(?:(?!- alert:)[\s\S])*?runbook: ""docs/operations\.md#(\w+)""")]
    private static partial Regex Alert();
}
