using BillingPortal.Audit;
using BillingPortal.Kernel;
using BillingPortal.Tests.Support;
using Bunit;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Audit;

/// <summary>How the log is filtered and shown.</summary>
public sealed class AuditPageTests : BunitContext
{
    public AuditPageTests() => Services.AddSingleton(Sessions.Of(BillingPortal.Tenants.StaffRole.Agent));

    [Fact]
    public void A_line_shows_who_what_and_both_sides()
    {
        var table = Table(
            before: """{"price": "5 credits", "from": "always"}""",
            after: """{"price": "6 credits", "from": "always", "until": null}""");

        Assert.Equal("20 Nov 2026, 12:00", table.Find("time").TextContent);
        Assert.Contains("Ann Lee (support lead)", table.Markup, StringComparison.Ordinal);
        Assert.Equal(
            ["Price|5 credits|6 credits", "From|always|always"],
            table.FindAll(".audit-difference tbody tr").Select(row => string.Join('|', row.Children.Select(cell => cell.TextContent))));
        Assert.Single(table.FindAll(".is-changed"));
    }

    [Theory]
    [InlineData("""{"a": {"b": [1, 2]}, "isOffered": true}""", "A|{\"b\": [1, 2]}|–", "Is offered|Yes|–")]
    [InlineData("[1]", "Value|[1]|–")]
    [InlineData("{}")]
    public void Any_json_can_be_shown(string before, params string[] rows) => Assert.Equal(
        rows, AuditDifferences.Of(before, after: null).Select(one => $"{one.Name}|{one.Before}|{one.After}"));

    [Fact]
    public void What_people_wrote_is_text() =>
        Assert.Contains("&lt;script&gt;", Table("""{"name": "<script>"}""", null).Markup, StringComparison.Ordinal);

    [Theory]
    [InlineData("2026-13-01", null, null, null, "days like 2026-11-01")]
    [InlineData("2026-11-02", "2026-11-01", null, null, "behind the last")]
    [InlineData(null, null, "robot", null, "Who is one of")]
    [InlineData(null, null, null, "x", "cut off")]
    public void A_wrong_filter_says_how_to_write_it(string? from, string? to, string? actor, string? cursor, string words) =>
        Assert.Contains(
            words, new AuditQuery { From = from, To = to, Actor = actor, Cursor = cursor }.Judge().Refusal, StringComparison.Ordinal);

    [Fact]
    public void The_last_day_is_included_and_the_address_keeps_the_filter()
    {
        var query = new AuditQuery { From = "2026-11-01", To = "2026-11-01", Action = "price" };

        var filter = query.Judge().Filter;
        Assert.Equal(TimeSpan.FromDays(1), filter.To - filter.From);
        Assert.Equal("/staff/audit?action=price&from=2026-11-01&to=2026-11-01", query.Address);
    }

    private IRenderedComponent<AuditTable> Table(string? before, string? after) => Render<AuditTable>(p => p.Add(x => x.Items,
    [
        new AuditItem(
            new AuditLine
            {
                Id = Ids.New(),
                At = new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero),
                ActorKind = ActorKind.Staff,
                ActorId = Ids.New(),
                ActorName = "Ann Lee (support lead)",
                Action = "price.changed",
                SubjectType = "price",
                SubjectId = "credits/sms_outbound",
                Summary = "SMS sent: 6 credits",
                Before = before,
                After = after,
            },
            TenantName: null),
    ]));
}
