using System.Text.Json;
using BillingPortal.Data;
using BillingPortal.Outbox;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.DataProtection;

namespace BillingPortal.Tenants.Mail;

/// <summary>
/// The door to a person's own mailbox: written with the caller's commit, sent after it. What is written is encrypted, because
/// the outbox is read by staff and kept for weeks.
/// </summary>
public sealed class PersonMails(OutboxWriter outbox, IDataProtectionProvider protection)
{
    public const string MessageKind = "person-email";

    private readonly IDataProtector _protector = protection.CreateProtector("BillingPortal.PersonMail");

    /// <param name="unit">The mail exists exactly when this unit commits.</param>
    /// <param name="to">The address.</param>
    /// <param name="kind">For the provider's statistics: an ASCII word.</param>
    /// <param name="subject">One line.</param>
    /// <param name="why">Why this came, and what to do when it was not expected.</param>
    /// <param name="parameters">By the template's property names.</param>
    /// <param name="notAfter">Later it is not sent.</param>
    /// <param name="key">The cause: the same key is written once.</param>
    public void Enqueue<TTemplate>(
        UnitOfWork unit, string to, string kind, string subject, string why, IReadOnlyDictionary<string, string?> parameters,
        DateTimeOffset? notAfter = null, string? key = null)
        where TTemplate : IComponent
    {
        var template = $"{typeof(TTemplate).FullName}, {typeof(TTemplate).Assembly.GetName().Name}";
        var mail = new PersonMail(to, kind, subject, why, template, parameters, notAfter);
        var text = _protector.Protect(JsonSerializer.Serialize(mail, JsonSerializerOptions.Web));
        outbox.Enqueue(unit, MessageKind, unit.TenantId, new SealedMail(kind, text), key);
    }

    /// <summary>What <see cref="Enqueue"/> has written.</summary>
    public PersonMail Open(OutboxMessage message) =>
        JsonSerializer.Deserialize<PersonMail>(_protector.Unprotect(message.Read<SealedMail>().Sealed), JsonSerializerOptions.Web)
            ?? throw new JsonException($"The message {message.Id} is empty.");

    private sealed record SealedMail(string Kind, string Sealed);
}
