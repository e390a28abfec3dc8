using BillingPortal.Audit;
using BillingPortal.Data;
using BillingPortal.Tenants;
using BillingPortal.Tenants.Team;
using Npgsql;

namespace BillingPortal.Tests.Tenants.Team;

/// <summary>Roles and ends of memberships: who may, never without an owner, what is written down.</summary>
public sealed class TeamServiceTests(TeamPortal portal) : IClassFixture<TeamPortal>
{
    // Two owners remove each other at once: one stays.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Two_owners_who_end_each_others_ownership_at_once_leave_one(bool isRemoval)
    {
        var scene = await portal.SceneAsync();
        var (first, second) = (scene.Owner, await scene.MemberAsync(MemberRole.Owner));

        // Nobody may write until both have come as far as they can: without turns, each has seen the other by then.
        Task<TeamOutcome[]> race;
        await using (var holder = await portal.Database.BeginOpsAsync())
        {
            await using var hold = holder.Command("LOCK TABLE members IN SHARE ROW EXCLUSIVE MODE");
            await hold.ExecuteNonQueryAsync();
            race = Task.WhenAll(End(first, second), End(second, first));
            await WaitUntilWaitingAsync(holder, 2);
        }

        Assert.Equal([TeamOutcome.Done, TeamOutcome.NotAllowed], (await race).Order());
        Assert.Equal(1, await scene.OwnersAsync());

        Task<TeamOutcome> End(Actor actor, Actor other) => isRemoval
            ? portal.Team.RemoveAsync(scene.Tenant.Id, actor, other.Id!.Value)
            : portal.Team.ChangeRoleAsync(scene.Tenant.Id, actor, other.Id!.Value, MemberRole.Viewer);
    }

    // Two owners lower themselves at once: one is the last.
    [Fact]
    public async Task Two_owners_who_lower_themselves_at_once_leave_one()
    {
        var scene = await portal.SceneAsync();
        var second = await scene.MemberAsync(MemberRole.Owner);

        Task<TeamOutcome[]> race;
        await using (var holder = await portal.Database.BeginOpsAsync())
        {
            await using var hold = holder.Command("LOCK TABLE members IN SHARE ROW EXCLUSIVE MODE");
            await hold.ExecuteNonQueryAsync();
            race = Task.WhenAll(new[] { scene.Owner, second }.Select(owner =>
                portal.Team.ChangeRoleAsync(scene.Tenant.Id, owner, owner.Id!.Value, MemberRole.Viewer)));
            await WaitUntilWaitingAsync(holder, 2);
        }

        Assert.Equal([TeamOutcome.Done, TeamOutcome.LastOwner], (await race).Order());
        Assert.Equal(1, await scene.OwnersAsync());
    }

    [Fact]
    public async Task The_last_owner_is_neither_lowered_nor_removed_nor_lets_go()
    {
        var scene = await portal.SceneAsync();
        var owner = scene.Owner.Id!.Value;
        await scene.MemberAsync(MemberRole.Viewer);

        Assert.Equal(TeamOutcome.LastOwner, await portal.Team.ChangeRoleAsync(scene.Tenant.Id, scene.Owner, owner, MemberRole.Viewer));
        Assert.Equal(TeamOutcome.LastOwner, await portal.Team.RemoveAsync(scene.Tenant.Id, scene.Owner, owner));
        Assert.Equal(TeamOutcome.LastOwner, await portal.Team.LeaveAsync(scene.Tenant.Id, scene.Owner));
        Assert.Equal(MemberRole.Owner, await scene.RoleAsync(owner));
        Assert.Empty(await scene.LinesAsync());
    }

    // Whatever way it is tried, the database says no.
    [Theory]
    [InlineData("UPDATE members SET role = 'viewer' WHERE tenant_id = $1")]
    [InlineData("DELETE FROM members WHERE tenant_id = $1 AND role = 'owner'")]
    public async Task The_database_keeps_an_owner_too(string sql)
    {
        var scene = await portal.SceneAsync();
        await scene.MemberAsync(MemberRole.Viewer);
        await using var unit = await portal.Database.BeginOpsAsync();
        await using var command = unit.Command(sql, scene.Tenant.Id);
        await command.ExecuteNonQueryAsync();

        var refused = await Assert.ThrowsAsync<PostgresException>(() => unit.CommitAsync());

        Assert.Equal(PostgresErrorCodes.CheckViolation, refused.SqlState);
    }

    [Theory]
    [InlineData(MemberRole.BillingAdmin)]
    [InlineData(MemberRole.Viewer)]
    public async Task Who_is_no_owner_changes_nobody_and_raises_nobody(MemberRole role)
    {
        var scene = await portal.SceneAsync();
        var (member, other) = (await scene.MemberAsync(role), await scene.MemberAsync(MemberRole.Viewer));

        Assert.Equal(TeamOutcome.NotAllowed, await ChangeAsync(member, member, MemberRole.Owner));
        Assert.Equal(TeamOutcome.NotAllowed, await ChangeAsync(member, other, MemberRole.Owner));
        Assert.Equal(TeamOutcome.NotAllowed, await portal.Team.RemoveAsync(scene.Tenant.Id, member, other.Id!.Value));
        Assert.Equal(TeamOutcome.NotAllowed, await scene.InviteAsync("new@team.example", MemberRole.Owner, member));
        Assert.Equal(role, await scene.RoleAsync(member.Id!.Value));
        Assert.Empty(await scene.LinesAsync());

        Task<TeamOutcome> ChangeAsync(Actor actor, Actor whom, MemberRole to) =>
            portal.Team.ChangeRoleAsync(scene.Tenant.Id, actor, whom.Id!.Value, to);
    }

    [Fact]
    public async Task Another_tenants_owner_finds_nobody_and_may_nothing()
    {
        var (mine, other) = (await portal.SceneAsync(), await portal.SceneAsync());
        var member = (await mine.MemberAsync(MemberRole.Viewer)).Id!.Value;

        Assert.Equal(TeamOutcome.NotThere, await portal.Team.RemoveAsync(other.Tenant.Id, other.Owner, member));
        Assert.Equal(TeamOutcome.NotAllowed, await portal.Team.RemoveAsync(mine.Tenant.Id, other.Owner, member));
        Assert.Equal(MemberRole.Viewer, await mine.RoleAsync(member));
    }

    [Fact]
    public async Task Each_change_has_its_line_with_before_and_after()
    {
        var scene = await portal.SceneAsync();
        var member = await scene.MemberAsync(MemberRole.Viewer);
        var id = member.Id!.Value;

        Assert.Equal(TeamOutcome.Done, await portal.Team.ChangeRoleAsync(scene.Tenant.Id, scene.Owner, id, MemberRole.BillingAdmin));
        Assert.Equal(TeamOutcome.Done, await portal.Team.ChangeRoleAsync(scene.Tenant.Id, scene.Owner, id, MemberRole.BillingAdmin));
        Assert.Equal(TeamOutcome.Done, await portal.Team.LeaveAsync(scene.Tenant.Id, member));

        Assert.Null(await scene.RoleAsync(id));
        var lines = await scene.LinesAsync();
        Assert.Equal(["member.role_changed", "member.left"], lines.Select(line => line.Action));
        Assert.Equal([scene.Owner.Id, member.Id], lines.Select(line => line.ActorId));
        Assert.Equal("Test Person is a billing admin now, was a viewer.", lines[0].Summary);
        Assert.Contains("Viewer", lines[0].Before, StringComparison.Ordinal);
        Assert.Contains("Billing admin", lines[0].After, StringComparison.Ordinal);
    }

    // The page that was open with the tenant's name shows another's next, or none.
    [Fact]
    public async Task Removal_ends_the_persons_session_with_this_tenant()
    {
        var scene = await portal.SceneAsync();
        var email = await portal.PersonAsync(scene.Tenant, MemberRole.BillingAdmin);
        using var browser = await portal.SignedInAsync(email);
        Assert.Equal(System.Net.HttpStatusCode.OK, (await browser.GetAsync("/team")).StatusCode);

        Assert.Equal(
            TeamOutcome.Done, await portal.Team.RemoveAsync(scene.Tenant.Id, scene.Owner, (await portal.UserAsync(email)).Id));

        Assert.Equal(System.Net.HttpStatusCode.Forbidden, (await browser.GetAsync("/team")).StatusCode);
        Assert.Equal(System.Net.HttpStatusCode.Forbidden, (await browser.GetAsync("/api/credits")).StatusCode);
    }

    private static async Task WaitUntilWaitingAsync(UnitOfWork unit, long sessions)
    {
        await using var command = unit.Command(
            "SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted "
            + "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");
        while ((long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))! < sessions)
        {
            await Task.Yield();
        }
    }
}
