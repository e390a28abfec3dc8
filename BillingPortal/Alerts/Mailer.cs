using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Outbox;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.Alerts;

/// <summary>
/// The one door through which a tenant's people are told something: written with the caller's commit as a notification
/// in the portal and as a mail, which is sent after it to whom the tenant's preferences name, and logged in
/// <c>emails</c>. A template is a Razor component of plain tags; the frame, the styles and the plain text are added
/// here.
/// </summary>
public sealed class Mailer(OutboxWriter outbox, TimeProvider time, BalanceFeed? feed = null)
{
    private const string Insert =
        """
        INSERT INTO notifications (id, tenant_id, kind, severity, title, text, link, key, created_at)
        VALUES ($1, $2, $3, $4, $5, nullif($6, ''), $7, $8, $9) ON CONFLICT DO NOTHING
        """;

    private const string EndOpen =
        """
        UPDATE notifications SET ended_at = $4
        WHERE tenant_id = $1 AND kind = $2 AND ended_at IS NULL AND ($3 = '' OR key = $3)
        """;

    /// <param name="unit">Mail and notification exist exactly when this unit commits.</param>
    /// <param name="tenantId">Whose people are told.</param>
    /// <param name="kind">A code of <see cref="MailKinds"/>.</param>
    /// <param name="subject">One line, without the tenant's name, which the frame shows; the notification's title.</param>
    /// <param name="parameters">By the template's property names; formatted texts, times, numbers.</param>
    /// <param name="key">The cause: the same kind and key are told once per tenant.</param>
    /// <param name="text">A sentence or two below the title in the portal.</param>
    /// <param name="link">The portal's page to act on; null: the kind's.</param>
    /// <param name="severity">Null: the kind's.</param>
    public void Enqueue<TTemplate>(
        UnitOfWork unit, Guid tenantId, string kind, string subject, IDictionary<string, object?> parameters,
        string key, string? text = null, string? link = null, NoticeSeverity? severity = null)
        where TTemplate : IComponent
    {
        var known = MailKinds.Of(kind);
        outbox.Enqueue(
            unit, QueuedEmail.MessageKind, tenantId, QueuedEmail.Of(typeof(TTemplate), kind, subject, parameters), key);
        if (kind == MailKinds.Test)
        {
            return;
        }

        Write(unit, tenantId, Insert, Ids.New(), tenantId, kind, TextCodes.Of(severity ?? known.Severity), subject,
            text ?? "", link ?? known.Href, key, time.GetUtcNow());
    }

    /// <summary>
    /// The trouble is over: its notifications stay in the history and are no banner any more. Without a key, all of
    /// the kind.
    /// </summary>
    public void End(UnitOfWork unit, Guid tenantId, string kind, string? key = null) =>
        Write(unit, tenantId, EndOpen, tenantId, MailKinds.Of(kind).Code, key ?? "", time.GetUtcNow());

    private void Write(UnitOfWork unit, Guid tenantId, string sql, params object[] values)
    {
        unit.BeforeCommit(async cancellationToken =>
        {
            await using var command = unit.Command(sql, values);
            await command.ExecuteNonQueryAsync(cancellationToken);
        });
        feed?.Ring(unit, tenantId);
    }
}
