using System.Globalization;
using BillingPortal.Alerts;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Outbox;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BillingPortal.Tenants.Team;

/// <summary>Which mail of which invitation.</summary>
internal sealed record InvitationMailOrder(Guid InvitationId, int Mail);

/// <summary>
/// Sends the mail of an invitation. The link is made here and never written down: a repeat makes another one, and both work until
/// the next mail is asked for, because either may be the one that arrived.
/// </summary>
internal sealed class InvitationMailHandler(
    Database database, PersonalMailer mailer, IOptions<AppOptions> app, TimeProvider clock) : IOutboxHandler
{
    public const string MessageKind = "invitation-mail";

    public string Kind => MessageKind;

    public async Task HandleAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        if (await mailer.IsDoneAsync(message.Id, cancellationToken))
        {
            return;
        }

        var text = InvitationTokens.NewText();
        if (await RememberAsync(message.Read<InvitationMailOrder>(), text, cancellationToken) is not var (invitation, tenant))
        {
            return; // ended, or a later mail was asked for
        }

        var title = $"Your invitation to {tenant}";
        await mailer.SendAsync<InvitationMail>(
            message,
            new PersonalMail(
                invitation.TenantId, invitation.Email, MailKinds.Invitation, title,
                $"You get this because somebody of {tenant} entered this address.", text),
            new Dictionary<string, object?>
            {
                [nameof(InvitationMail.Title)] = title,
                [nameof(InvitationMail.InvitedBy)] = invitation.InvitedBy,
                [nameof(InvitationMail.TenantName)] = tenant,
                [nameof(InvitationMail.Role)] = TeamTexts.A(invitation.Role),
                [nameof(InvitationMail.Explanation)] = TeamTexts.ExplanationOf(invitation.Role),
                [nameof(InvitationMail.Email)] = invitation.Email,
                [nameof(InvitationMail.Until)] =
                    invitation.ExpiresAt.UtcDateTime.ToString("d MMMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture),
                [nameof(InvitationMail.Link)] = app.Value.Link($"/invitation/{text}").ToString(),
            },
            cancellationToken);
    }

    private async Task<(Invitation Invitation, string Tenant)?> RememberAsync(
        InvitationMailOrder order, string text, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var found = await (from invitation in unit.Db.Set<Invitation>()
                           join tenant in unit.Db.Set<Tenant>() on invitation.TenantId equals tenant.Id
                           where invitation.Id == order.InvitationId
                           select new { invitation, tenant.Name }).AsNoTracking().SingleOrDefaultAsync(cancellationToken);
        var now = clock.GetUtcNow();
        if (found is null || found.invitation.Mails != order.Mail || found.invitation.StateAt(now) is not InvitationState.Open)
        {
            return null;
        }

        unit.Db.Add(new InvitationToken
        {
            Sha256 = InvitationTokens.HashOf(text),
            InvitationId = found.invitation.Id,
            TenantId = found.invitation.TenantId,
            Mail = order.Mail,
            CreatedAt = now,
        });
        await unit.CommitAsync(cancellationToken);
        return (found.invitation, found.Name);
    }
}
