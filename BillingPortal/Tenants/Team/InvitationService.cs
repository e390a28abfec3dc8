using BillingPortal.Alerts;
using BillingPortal.Audit;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Outbox;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Tenants.Team;

/// <summary>
/// An owner's invitations: made, sent again, taken back. The answer never says whether an address signs in here already. The mail
/// and its link are made behind the commit (<see cref="InvitationMailHandler"/>).
/// </summary>
public sealed class InvitationService(Database database, OutboxWriter outbox, AuditLog audit, BalanceFeed feed, TimeProvider clock)
{
    /// <summary>Open invitations of a tenant.</summary>
    public const int OpenMax = 20;

    /// <summary>Members and open invitations together.</summary>
    public const int PeopleMax = 100;

    /// <summary>Invitations made within 24 hours, withdrawn ones included: nobody's mailbox is filled through us.</summary>
    public const int PerDayMax = 40;

    /// <summary>Mails of one invitation.</summary>
    public const int MailsMax = 5;

    /// <summary>Between two mails of one invitation.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    public async Task<TeamOutcome> InviteAsync(
        Guid tenantId, Actor actor, string? email, MemberRole role, CancellationToken cancellationToken = default)
    {
        if (MailAddresses.Parse(email) is not { } address)
        {
            return TeamOutcome.AddressWrong;
        }

        await using var unit = await database.BeginOpsAsync(cancellationToken);
        if (!Enum.IsDefined(role) || !await TeamDoor.EnterAsync(unit, tenantId, actor, cancellationToken))
        {
            return TeamOutcome.NotAllowed;
        }

        var (now, known) = (clock.GetUtcNow(), TeamTexts.Normalize(address));
        var open = await OpenAsync(unit, tenantId, cancellationToken);
        if (await JudgeAsync(unit, tenantId, known, open, now, cancellationToken) is { } refused)
        {
            return refused;
        }

        foreach (var old in open.Where(row => row.NormalizedEmail == known))
        {
            old.WithdrawnAt = now; // expired: the new one stands in its place
        }

        await unit.Db.SaveChangesAsync(cancellationToken);
        var invitation = new Invitation
        {
            Id = Ids.New(),
            TenantId = tenantId,
            Email = address,
            NormalizedEmail = known,
            Role = role,
            InvitedBy = actor.Name,
            CreatedAt = now,
            ExpiresAt = now + Invitation.Lifetime,
            Mails = 1,
            MailedAt = now,
        };
        unit.Db.Add(invitation);
        audit.Record(unit, Line(invitation, actor, "invitation.created", $"{address} invited as {TeamTexts.A(role)}.") with
        {
            After = SidesOf(invitation),
        });
        return await CommitAsync(unit, invitation, isMailed: true, cancellationToken);
    }

    /// <summary>A new link, valid for another seven days; the old one ends.</summary>
    public async Task<TeamOutcome> ResendAsync(
        Guid tenantId, Actor actor, Guid invitationId, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        if (!await TeamDoor.EnterAsync(unit, tenantId, actor, cancellationToken))
        {
            return TeamOutcome.NotAllowed;
        }

        var now = clock.GetUtcNow();
        var invitation = (await OpenAsync(unit, tenantId, cancellationToken)).Find(row => row.Id == invitationId);
        if (invitation is null)
        {
            return TeamOutcome.NotThere;
        }

        if (invitation.Mails >= MailsMax || now - invitation.MailedAt < Pause)
        {
            return invitation.Mails >= MailsMax ? TeamOutcome.TooOften : TeamOutcome.TooSoon;
        }

        var before = SidesOf(invitation);
        (invitation.ExpiresAt, invitation.MailedAt) = (now + Invitation.Lifetime, now);
        invitation.Mails++;
        audit.Record(unit, Line(invitation, actor, "invitation.sent_again", $"Invitation of {invitation.Email} sent again.") with
        {
            Before = before,
            After = SidesOf(invitation),
        });
        return await CommitAsync(unit, invitation, isMailed: true, cancellationToken);
    }

    /// <summary>The link ends at once.</summary>
    public async Task<TeamOutcome> WithdrawAsync(
        Guid tenantId, Actor actor, Guid invitationId, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        if (!await TeamDoor.EnterAsync(unit, tenantId, actor, cancellationToken))
        {
            return TeamOutcome.NotAllowed;
        }

        var invitation = (await OpenAsync(unit, tenantId, cancellationToken)).Find(row => row.Id == invitationId);
        if (invitation is null)
        {
            return TeamOutcome.NotThere;
        }

        invitation.WithdrawnAt = clock.GetUtcNow();
        audit.Record(unit, Line(invitation, actor, "invitation.withdrawn", $"Invitation of {invitation.Email} withdrawn.") with
        {
            Before = SidesOf(invitation),
        });
        return await CommitAsync(unit, invitation, isMailed: false, cancellationToken);
    }

    private static async Task<TeamOutcome?> JudgeAsync(
        UnitOfWork unit, Guid tenantId, string address, List<Invitation> open, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var members = await (from member in unit.Db.Set<Member>()
                             join user in unit.Db.Set<User>() on member.UserId equals user.Id
                             where member.TenantId == tenantId
                             select user.Email).ToListAsync(cancellationToken);
        var since = now.AddHours(-24);
        var today = await unit.Db.Set<Invitation>().CountAsync(
            row => row.TenantId == tenantId && row.CreatedAt > since, cancellationToken);
        var others = open.Count(row => row.NormalizedEmail != address);
        return members.Any(email => TeamTexts.Normalize(email) == address) ? TeamOutcome.IsMember
            : open.Exists(row => row.NormalizedEmail == address && row.ExpiresAt > now) ? TeamOutcome.IsInvited
            : others >= OpenMax ? TeamOutcome.TooManyOpen
            : members.Count + others >= PeopleMax ? TeamOutcome.TooManyPeople
            : today >= PerDayMax ? TeamOutcome.TooManyToday
            : null;
    }

    // Expired ones included: they stand in the list until they are sent again or withdrawn.
    private static Task<List<Invitation>> OpenAsync(UnitOfWork unit, Guid tenantId, CancellationToken cancellationToken) =>
        unit.Db.Set<Invitation>().Where(row => row.TenantId == tenantId && row.AcceptedAt == null && row.WithdrawnAt == null)
            .ToListAsync(cancellationToken);

    private async Task<TeamOutcome> CommitAsync(
        UnitOfWork unit, Invitation invitation, bool isMailed, CancellationToken cancellationToken)
    {
        if (isMailed)
        {
            outbox.Enqueue(
                unit, InvitationMailHandler.MessageKind, invitation.TenantId, new InvitationMailOrder(invitation.Id, invitation.Mails),
                key: $"{invitation.Id}:{invitation.Mails}");
        }

        feed.Ring(unit, invitation.TenantId);
        await unit.CommitAsync(cancellationToken);
        return TeamOutcome.Done;
    }

    private static AuditRecord Line(Invitation invitation, Actor actor, string action, string summary) =>
        new(invitation.TenantId, actor, action, "invitation", invitation.Id.ToString(), summary);

    private static object SidesOf(Invitation invitation) => new
    {
        invitation.Email,
        Role = invitation.Role.ToText(),
        invitation.ExpiresAt,
        invitation.Mails,
    };
}
