using System.Net;
using BillingPortal.Audit;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using BillingPortal.Tenants.Team;
using BillingPortal.Tenants.Team.History;

namespace BillingPortal.Tests.Tenants.Team;

/// <summary>An account's own part of the log: own lines only, staff without names or notes, filters, file.</summary>
public sealed class HistoryTests(TeamPortal portal) : IClassFixture<TeamPortal>
{
    [Fact]
    public async Task The_file_shows_own_lines_and_no_staffs_name_or_note()
    {
        var (mine, other) = (await portal.SceneAsync(), await portal.SceneAsync());
        await ChangeAsync(mine);
        await ChangeAsync(other);
        await StaffAsync(mine.Tenant.Id, "adjustment.requested", "staff_action", "Lena Lead asked for +50: he shouted at us");
        using var owner = await portal.SignedInAsync(mine.Tenant, MemberRole.Owner);

        var file = await owner.GetStringAsync("/team/history.csv");

        Assert.Contains("is a billing admin now", file, StringComparison.Ordinal);
        Assert.Contains(HistoryLine.Support, file, StringComparison.Ordinal);
        Assert.Contains("Prepared an adjustment.", file, StringComparison.Ordinal);
        Assert.DoesNotContain("Lena", file, StringComparison.Ordinal);
        Assert.DoesNotContain("shouted", file, StringComparison.Ordinal);
        Assert.Contains("Role: Viewer → Billing admin", file, StringComparison.Ordinal);
        Assert.Equal(3, file.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length); // the header and two lines
    }

    [Theory]
    [InlineData(MemberRole.Owner, HttpStatusCode.OK)]
    [InlineData(MemberRole.BillingAdmin, HttpStatusCode.OK)]
    [InlineData(MemberRole.Viewer, HttpStatusCode.Forbidden)]
    public async Task Viewers_see_the_team_and_not_its_history(MemberRole role, HttpStatusCode expected)
    {
        using var browser = await portal.SignedInAsync(await portal.TenantAsync(), role);

        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/team")).StatusCode);
        Assert.Equal(expected, (await browser.GetAsync("/team/history")).StatusCode);
        Assert.Equal(expected, (await browser.GetAsync("/team/history.csv")).StatusCode);
    }

    [Fact]
    public async Task The_filter_takes_person_kind_and_period_in_the_accounts_days()
    {
        var scene = await portal.SceneAsync();
        await ChangeAsync(scene);
        await StaffAsync(scene.Tenant.Id, "tenant.opened", "tenant", "Lena opened the tenant's page.");

        Assert.Equal(["member.role_changed"], await FindAsync(new HistoryQuery { Who = $"{scene.Owner.Id}" }));
        Assert.Equal(["tenant.opened"], await FindAsync(new HistoryQuery { Who = "support" }));
        Assert.Equal(["tenant.opened"], await FindAsync(new HistoryQuery { Kind = "support" }));
        Assert.Equal(["member.role_changed"], await FindAsync(new HistoryQuery { Kind = "team" }));
        Assert.Empty(await FindAsync(new HistoryQuery { To = "2001-01-01" }));
        Assert.Equal(scene.Owner.Id, Assert.Single(await Reader.PeopleOfTenantAsync(scene.Tenant.Id)).Id);

        // Berlin's day begins at 22:00 UTC in summer.
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        var filter = new HistoryQuery { From = "2026-07-01", To = "2026-07-01" }.Judge(zone).Filter;
        Assert.Equal(new DateTimeOffset(2026, 6, 30, 22, 0, 0, TimeSpan.Zero), filter.From);
        Assert.Equal(new DateTimeOffset(2026, 7, 1, 22, 0, 0, TimeSpan.Zero), filter.To);

        async Task<string[]> FindAsync(HistoryQuery query) =>
        [
            .. (await Reader.PageOfTenantAsync(scene.Tenant.Id, query.Judge(TimeZoneInfo.Utc).Filter)).Items.Select(one => one.Line.Action),
        ];
    }

    [Theory]
    [InlineData("who=nobody")]
    [InlineData("kind=everything")]
    [InlineData("from=yesterday")]
    [InlineData("from=2026-02-01&to=2026-01-01")]
    public async Task A_filter_that_cannot_be_read_is_answered_in_words(string query)
    {
        using var owner = await portal.SignedInAsync(await portal.TenantAsync(), MemberRole.Owner);

        using var answer = await owner.GetAsync($"/team/history.csv?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("invalid_filter", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.NotNull(new HistoryQuery { Cursor = "x" }.Judge(TimeZoneInfo.Utc).Refusal);
    }

    private AuditReader Reader => new(portal.Database);

    private async Task ChangeAsync(TeamPortal.Scene scene)
    {
        var member = await scene.MemberAsync(MemberRole.Viewer);
        Assert.Equal(
            TeamOutcome.Done,
            await portal.Team.ChangeRoleAsync(scene.Tenant.Id, scene.Owner, member.Id!.Value, MemberRole.BillingAdmin));
    }

    private async Task StaffAsync(Guid tenantId, string action, string subject, string summary)
    {
        await using var unit = await portal.Database.BeginOpsAsync();
        new AuditLog(TimeProvider.System).Record(unit, new AuditRecord(
            tenantId, new Actor(ActorKind.Staff, Ids.New(), "Lena Lead (support lead)"), action, subject, "1", summary,
            After: new { Note = "he shouted at us" }));
        await unit.CommitAsync();
    }
}
