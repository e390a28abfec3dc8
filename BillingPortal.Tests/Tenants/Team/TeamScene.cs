using System.Text.RegularExpressions;
using BillingPortal.Audit;
using BillingPortal.Data;
using BillingPortal.Tenants;
using BillingPortal.Tenants.Team;
using BillingPortal.Tests.Alerts;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Tenants.Team;

/// <summary>A portal with a mailbox that looks at every request whether its session still holds, and short sentences about teams.</summary>
public sealed partial class TeamPortal : MailPortal
{
    public TeamService Team => Services.GetRequiredService<TeamService>();

    public InvitationService Invitations => Services.GetRequiredService<InvitationService>();

    public AcceptService Accepting => Services.GetRequiredService<AcceptService>();

    protected override void Configure(IServiceCollection services) =>
        services.PostConfigure<SecurityStampValidatorOptions>(options => options.ValidationInterval = TimeSpan.Zero);

    /// <summary>A new tenant and its owner.</summary>
    public async Task<Scene> SceneAsync()
    {
        var tenant = await TenantAsync(name: "Acme Voice");
        return new Scene(this, tenant, await MemberAsync(tenant, MemberRole.Owner));
    }

    /// <summary>A new member, as the actor of what they do.</summary>
    public async Task<Actor> MemberAsync(Tenant tenant, MemberRole role)
    {
        var user = await UserAsync(await PersonAsync(tenant, role));
        return new Actor(ActorKind.Person, user.Id, $"{user.Name} ({role.ToText().ToLowerInvariant()})");
    }

    public async Task<User> UserAsync(string email)
    {
        await using var unit = await Database.BeginOpsAsync();
        return await unit.Db.Set<User>().AsNoTracking().SingleAsync(user => user.Email == email);
    }

    /// <summary>The secret of the latest link that came to the address, once as many mails as that are there.</summary>
    public async Task<string> TokenAsync(string email, int mails = 1)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var box = await Sandbox.MailboxAsync(email);
            if (box.Count >= mails)
            {
                return Link().Match(box[0].Html!).Groups[1].Value;
            }

            await Task.Delay(20, patience.Token);
        }
    }

    [GeneratedRegex("/invitation/([A-Za-z0-9_-]{43})\"")]
    private static partial Regex Link();

    /// <summary>A tenant with its first owner.</summary>
    public sealed record Scene(TeamPortal Portal, Tenant Tenant, Actor Owner)
    {
        public Task<Actor> MemberAsync(MemberRole role) => Portal.MemberAsync(Tenant, role);

        public Task<TeamOutcome> InviteAsync(string email, MemberRole role = MemberRole.Viewer, Actor? actor = null) =>
            Portal.Invitations.InviteAsync(Tenant.Id, actor ?? Owner, email, role);

        /// <summary>The secret of a new invitation's link.</summary>
        public async Task<string> InvitedAsync(string email, MemberRole role = MemberRole.Viewer)
        {
            Assert.Equal(TeamOutcome.Done, await InviteAsync(email, role));
            return await Portal.TokenAsync(email);
        }

        public async Task<Guid> InvitationAsync(string email)
        {
            await using var unit = await Portal.Database.BeginOpsAsync();
            return await unit.Db.Set<Invitation>().Where(row => row.TenantId == Tenant.Id && row.Email == email && row.WithdrawnAt == null)
                .Select(row => row.Id).SingleAsync();
        }

        public async Task<MemberRole?> RoleAsync(Guid userId)
        {
            await using var unit = await Portal.Database.BeginOpsAsync();
            return (await unit.Db.Set<Member>().AsNoTracking()
                .SingleOrDefaultAsync(row => row.TenantId == Tenant.Id && row.UserId == userId))?.Role;
        }

        public async Task<int> OwnersAsync()
        {
            await using var unit = await Portal.Database.BeginOpsAsync();
            return await unit.Db.Set<Member>().CountAsync(row => row.TenantId == Tenant.Id && row.Role == MemberRole.Owner);
        }

        /// <summary>The audit lines, oldest first.</summary>
        public async Task<IReadOnlyList<AuditLine>> LinesAsync() =>
        [
            .. (await new AuditReader(Portal.Database).PageOfTenantAsync(Tenant.Id, new AuditFilter())).Items
                .Select(item => item.Line).Reverse(),
        ];
    }
}
