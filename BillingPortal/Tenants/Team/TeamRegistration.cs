using BillingPortal.Outbox;
using BillingPortal.Tenants.StaffTeam;

namespace BillingPortal.Tenants.Team;

/// <summary>Registers the team: members, roles, invitations; and the staff's.</summary>
internal static class TeamRegistration
{
    public static IServiceCollection AddTeam(this IServiceCollection services)
    {
        services.AddSingleton<TeamReader>();
        services.AddSingleton<StaffTeamService>();
        services.AddSingleton<TeamService>();
        services.AddSingleton<InvitationService>();
        services.AddSingleton<AcceptService>();
        services.AddSingleton<InvitationAttempts>();
        services.AddOutboxHandler<InvitationMailHandler>();
        return services;
    }
}
