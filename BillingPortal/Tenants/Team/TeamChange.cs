namespace BillingPortal.Tenants.Team;

/// <summary>How a change of the team ended.</summary>
public enum TeamOutcome
{
    Done = 1,

    /// <summary>The person is no owner of the tenant, or no longer.</summary>
    NotAllowed = 2,

    /// <summary>No such member or invitation, or it has ended.</summary>
    NotThere = 3,

    /// <summary>The tenant would be without an owner.</summary>
    LastOwner = 4,

    AddressWrong = 5,

    /// <summary>The address belongs to a member.</summary>
    IsMember = 6,

    /// <summary>The address has an open invitation.</summary>
    IsInvited = 7,

    /// <summary>More open invitations than <see cref="InvitationService.OpenMax"/>.</summary>
    TooManyOpen = 8,

    /// <summary>More members and open invitations than <see cref="InvitationService.PeopleMax"/>.</summary>
    TooManyPeople = 9,

    /// <summary>More invitations than <see cref="InvitationService.PerDayMax"/> within 24 hours.</summary>
    TooManyToday = 10,

    /// <summary>The mail was sent a moment ago.</summary>
    TooSoon = 11,

    /// <summary>The mail was sent <see cref="InvitationService.MailsMax"/> times.</summary>
    TooOften = 12,
}
