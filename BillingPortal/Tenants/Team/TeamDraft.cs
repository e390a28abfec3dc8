namespace BillingPortal.Tenants.Team;

/// <summary>What stands in the form for an invitation, and what is wrong with it, field by field.</summary>
public sealed class InviteDraft
{
    public string? Email { get; set; }

    /// <summary>The least by default.</summary>
    public MemberRole Role { get; set; } = MemberRole.Viewer;

    public string? EmailFault { get; private set; }

    /// <summary>What no field can mend.</summary>
    public string? Fault { get; private set; }

    /// <summary>True when the refusal is the form's to show: it stays open.</summary>
    internal bool Takes(TeamOutcome outcome)
    {
        var isOfEmail = outcome is TeamOutcome.AddressWrong or TeamOutcome.IsMember or TeamOutcome.IsInvited;
        EmailFault = isOfEmail ? TeamTexts.RefusalOf(outcome) : null;
        Fault = outcome is TeamOutcome.Done || isOfEmail ? null : TeamTexts.RefusalOf(outcome);
        return outcome is not TeamOutcome.Done;
    }
}

/// <summary>What stands in the form for another role.</summary>
public sealed class RoleDraft(TeamMember member)
{
    public TeamMember Member { get; } = member;

    public MemberRole Role { get; set; } = member.Role;

    public string? Fault { get; private set; }

    /// <summary>True when the refusal is the form's to show: it stays open.</summary>
    internal bool Takes(TeamOutcome outcome)
    {
        Fault = outcome is TeamOutcome.Done ? null : TeamTexts.RefusalOf(outcome);
        return outcome is not TeamOutcome.Done;
    }
}
