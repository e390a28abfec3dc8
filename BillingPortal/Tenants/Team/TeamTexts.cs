using BillingPortal.Components.Shared;

namespace BillingPortal.Tenants.Team;

/// <summary>Words about the team, for the pages and the audit log. Pure.</summary>
public static class TeamTexts
{
    /// <summary>Every role with what it may do.</summary>
    public static IReadOnlyList<(MemberRole Role, string Explanation)> Roles { get; } =
    [
        (MemberRole.Owner, "Everything: pays, and changes the team and the API keys."),
        (MemberRole.BillingAdmin, "Buys, manages cards, auto-recharge and settings. Sees the history of changes."),
        (MemberRole.Viewer, "Sees balances, transactions and statements. Changes nothing."),
    ];

    /// <summary>«a billing admin».</summary>
    public static string A(MemberRole role) => role switch
    {
        MemberRole.Owner => "an owner",
        MemberRole.BillingAdmin => "a billing admin",
        MemberRole.Viewer => "a viewer",
    };

    public static string ExplanationOf(MemberRole role) => Roles.First(one => one.Role == role).Explanation;

    /// <summary>The spelling under which an address is compared.</summary>
    public static string Normalize(string email) => email.Trim().ToUpperInvariant();

    public static string WordOf(InvitationState state) => state switch
    {
        InvitationState.Open => "Waiting",
        InvitationState.Expired => "Expired",
        InvitationState.Accepted => "Accepted",
        InvitationState.Withdrawn => "Withdrawn",
    };

    public static StatusTone ToneOf(InvitationState state) => state switch
    {
        InvitationState.Open => StatusTone.Info,
        InvitationState.Expired => StatusTone.Warning,
        InvitationState.Accepted => StatusTone.Good,
        InvitationState.Withdrawn => StatusTone.Neutral,
    };

    /// <summary>What a refusal says to the person.</summary>
    public static string RefusalOf(TeamOutcome outcome) => outcome switch
    {
        TeamOutcome.NotAllowed => "Only owners may change the team. Nothing was changed.",
        TeamOutcome.NotThere => "This member or invitation has gone in the meantime. Nothing was changed.",
        TeamOutcome.LastOwner =>
            "An account always has an owner, and this is the only one. Make somebody else an owner first. Nothing was changed.",
        TeamOutcome.AddressWrong => "Enter one email address, for example ann@company.example.",
        TeamOutcome.IsMember => "This address belongs to the team already. Change the role in the list instead.",
        TeamOutcome.IsInvited => "This address is invited already. Send that invitation again, or withdraw it first.",
        TeamOutcome.TooManyOpen =>
            $"{InvitationService.OpenMax} invitations are open, the most there may be. Withdraw one that is not needed any more.",
        TeamOutcome.TooManyPeople =>
            $"A team has at most {InvitationService.PeopleMax} people, open invitations included. Remove somebody first.",
        TeamOutcome.TooManyToday =>
            $"At most {InvitationService.PerDayMax} invitations are made in 24 hours. Go on tomorrow.",
        TeamOutcome.TooSoon => "The mail was sent less than a minute ago. Wait a moment, then send it again.",
        TeamOutcome.TooOften =>
            $"The mail was sent {InvitationService.MailsMax} times. Withdraw the invitation and check the address before you invite again.",
        TeamOutcome.Done => "",
    };

    /// <summary>Asked before a member is removed.</summary>
    public static ChargeQuestion RemoveQuestion(TeamMember member) => new(
        $"Remove {member.Name}?",
        "They lose access to this account within a minute, open pages included. API keys are the account's and go on working: "
            + "revoke those that this person knows.",
        [new("Email", member.Email), new("Role", member.Role.ToText())],
        "Remove from the team",
        IsDestructive: true);

    /// <summary>Asked before a person leaves.</summary>
    public static ChargeQuestion LeaveQuestion(string tenant, MemberRole role) => new(
        $"Leave {tenant}?",
        "You lose access to this account at once. To come back you need a new invitation of an owner.",
        [new("Account", tenant), new("Your role", role.ToText())],
        "Leave the account",
        IsDestructive: true);

    /// <summary>Asked before an invitation is taken back.</summary>
    public static ChargeQuestion WithdrawQuestion(Invitation invitation) => new(
        $"Withdraw the invitation of {invitation.Email}?",
        "The link in the mail stops working at once.",
        [new("Role", invitation.Role.ToText())],
        "Withdraw the invitation",
        IsDestructive: true);
}
