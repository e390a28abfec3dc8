using System.Text.Json;
using BillingPortal.Kernel;
using BillingPortal.Outbox;
using BillingPortal.Providers;
using BillingPortal.Providers.Email;
using BillingPortal.Tenants.Mail;

namespace BillingPortal.Alerts;

/// <summary>
/// Sends a mail to one person under the message's id as the provider's key: a repeat sends nothing twice. Its words are stored
/// nowhere.
/// </summary>
internal sealed partial class PersonMailHandler(
    PersonMails mails, EmailRenderer renderer, ResendClient resend, TimeProvider time, ILogger<PersonMailHandler> logger)
    : IOutboxHandler
{
    public string Kind => PersonMails.MessageKind;

    public async Task HandleAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        var mail = mails.Open(message);
        if (mail.NotAfter < time.GetUtcNow())
        {
            LogTooLate(logger, message.Id, mail.Kind);
            return;
        }

        var values = mail.Parameters.ToDictionary(pair => pair.Key, pair => JsonSerializer.SerializeToElement(pair.Value));
        var (html, text) = await renderer.RenderPersonalAsync(new QueuedEmail(mail.Template, mail.Kind, mail.Subject, values), mail.Why);
        try
        {
            await resend.SendAsync(
                new OutgoingEmail(mail.To, mail.Subject, html, text, mail.Kind), message.Id.ToString(), cancellationToken);
        }
        catch (ProviderException fault) when (fault.Code == "invalid_idempotent_request")
        {
            // The key was used before, by a build with another template: the provider has the mail.
            LogKnown(logger, message.Id, mail.Kind);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Mail {Id} of kind {Kind} could not be sent while it was of use")]
    private static partial void LogTooLate(ILogger logger, Guid id, string kind);

    [LoggerMessage(LogLevel.Information, "Mail {Id} of kind {Kind} had been sent before")]
    private static partial void LogKnown(ILogger logger, Guid id, string kind);
}
