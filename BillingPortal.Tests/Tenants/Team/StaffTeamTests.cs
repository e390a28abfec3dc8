using BillingPortal.Audit;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using BillingPortal.Tenants.StaffTeam;
using BillingPortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Tenants.Team;

/// <summary>The platform's own people: who may change whom, when they were last here, what is written down.</summary>
public sealed class StaffTeamTests(TeamPortal portal) : IClassFixture<TeamPortal>
{
    private StaffTeamService Service => portal.Services.GetRequiredService<StaffTeamService>();

    [Fact]
    public async Task A_lead_changes_and_removes_others_and_the_log_says_so()
    {
        var (lead, agent) = (await StaffAsync(StaffRole.Lead), await StaffAsync(StaffRole.Agent));

        Assert.Equal(StaffOutcome.Done, await Service.ChangeRoleAsync(lead, agent.Id!.Value, StaffRole.Lead));
        Assert.Equal(StaffRole.Lead, (await FindAsync(agent))!.Role);
        Assert.Equal(StaffOutcome.Done, await Service.RemoveAsync(lead, agent.Id.Value));
        Assert.Null(await FindAsync(agent));
        Assert.Equal(StaffOutcome.NotThere, await Service.RemoveAsync(lead, agent.Id.Value));

        var lines = (await new AuditReader(portal.Database).PageAsync(
            new AuditFilter { SubjectType = "staff", SubjectId = agent.Id.ToString() })).Items.Select(item => item.Line).ToList();
        Assert.Equal(["staff.removed", "staff.role_changed"], lines.Select(line => line.Action));
        Assert.All(lines, line => Assert.Equal(lead.Id, line.ActorId));
    }

    [Fact]
    public async Task Agents_change_nobody_and_leads_not_themselves()
    {
        var (lead, agent) = (await StaffAsync(StaffRole.Lead), await StaffAsync(StaffRole.Agent));

        Assert.Equal(StaffOutcome.NotAllowed, await Service.ChangeRoleAsync(agent, agent.Id!.Value, StaffRole.Lead));
        Assert.Equal(StaffOutcome.NotAllowed, await Service.RemoveAsync(agent, lead.Id!.Value));
        Assert.Equal(StaffOutcome.Oneself, await Service.ChangeRoleAsync(lead, lead.Id.Value, StaffRole.Agent));
        Assert.Equal(StaffOutcome.Oneself, await Service.RemoveAsync(lead, lead.Id.Value));
    }

    [Fact]
    public async Task Two_leads_who_remove_each_other_at_once_leave_one()
    {
        var (first, second) = (await StaffAsync(StaffRole.Lead), await StaffAsync(StaffRole.Lead));

        var race = await Task.WhenAll(
            Service.RemoveAsync(first, second.Id!.Value), Service.RemoveAsync(second, first.Id!.Value));

        Assert.Equal([StaffOutcome.Done, StaffOutcome.NotAllowed], race.Order());
    }

    [Fact]
    public async Task A_sign_in_of_staff_stands_in_the_log_and_in_the_list()
    {
        var email = $"{Ids.New():N}@portal.example";
        var id = await portal.TenantService.AddStaffAsync(new NewPerson(email, "Lena Lead", PortalHost.Password), StaffRole.Lead);
        var lena = new Actor(ActorKind.Staff, id, "Lena Lead");
        Assert.Null((await FindAsync(lena))!.LastSignIn);

        using var browser = await portal.SignedInAsync(email);

        Assert.NotNull((await FindAsync(lena))!.LastSignIn);
        var line = Assert.Single((await new AuditReader(portal.Database).PageAsync(new AuditFilter { ActorId = id })).Items).Line;
        Assert.Equal(("staff.signed_in", "Lena Lead signed in."), (line.Action, line.Summary));
        Assert.Equal(System.Net.HttpStatusCode.OK, (await browser.GetAsync("/staff/team")).StatusCode);
    }

    private async Task<StaffEntry?> FindAsync(Actor actor) => (await Service.ReadAsync()).SingleOrDefault(one => one.UserId == actor.Id);

    private async Task<Actor> StaffAsync(StaffRole role)
    {
        var id = await portal.TenantService.AddStaffAsync(
            new NewPerson($"{Ids.New():N}@portal.example", "Staff Person", PortalHost.Password), role);
        return new Actor(ActorKind.Staff, id, $"Staff Person ({role.ToText().ToLowerInvariant()})");
    }
}
