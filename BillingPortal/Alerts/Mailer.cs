using BillingPortal.Data;
using BillingPortal.Outbox;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.Alerts;

/// <summary>
/// Mail to the people who pay for a tenant: its owners and billing admins. Written with the caller's commit, sent after
/// it, logged in <c>emails</c>. A template is a Razor component of plain tags; the frame, the styles and the plain text
/// are added here.
/// </summary>
public sealed class Mailer(OutboxWriter outbox)
{
    /// <param name="unit">The email exists exactly when this unit commits.</param>
    /// <param name="tenantId">Whose people get it.</param>
    /// <param name="kind">A word for the log, such as <c>receipt</c>.</param>
    /// <param name="subject">One line, without the tenant's name, which the frame shows.</param>
    /// <param name="parameters">By the template's property names; formatted texts, times, numbers.</param>
    /// <param name="key">The cause: the same key is sent once per tenant.</param>
    public void Enqueue<TTemplate>(
        UnitOfWork unit, Guid tenantId, string kind, string subject, IDictionary<string, object?> parameters,
            string key)
        where TTemplate : IComponent =>
        outbox.Enqueue(
            unit, QueuedEmail.MessageKind, tenantId, QueuedEmail.Of(typeof(TTemplate), kind, subject, parameters), key);
}
