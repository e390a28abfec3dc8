using BillingPortal.Data;
using BillingPortal.Tenants;
using BillingPortal.Tenants.Sessions;
using BillingPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Tenants;

/// <summary>How long a session may live at most.</summary>
public sealed class SessionLifeTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Theory]
    [InlineData(29, true)]
    [InlineData(30, false)]
    public async Task After_thirty_days_of_use_the_person_signs_in_again(int days, bool isOpen)
    {
        var email = await portal.PersonAsync(await portal.TenantAsync(), MemberRole.Viewer);
        await portal.SignedInAsync(email);
        await using var unit = await portal.Services.GetRequiredService<Database>().BeginOpsAsync();
        var user = await unit.Db.Set<User>().SingleAsync(one => one.Email == email);
        var session = await unit.Db.Set<UserSession>().SingleAsync(one => one.UserId == user.Id);
        await unit.Db.Set<UserSession>().Where(one => one.Id == session.Id).ExecuteUpdateAsync(
            set => set.SetProperty(one => one.StartedAt, TimeProvider.System.GetUtcNow().AddDays(-days)));
        await unit.CommitAsync();

        Assert.Equal(isOpen, await portal.Services.GetRequiredService<SessionService>().SeeAsync(session.Id, user.Id, address: null));
    }
}
