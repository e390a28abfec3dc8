using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Outbox;
using BillingPortal.Providers;
using BillingPortal.Providers.Email;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Alerts;

/// <summary>
/// Sends one mail with a secret in it (a link that lets somebody in) to one address, within an outbox handler. With a tenant the log
/// <c>emails</c> gets its row, in which the secret is blotted out; without one nothing is kept. Preferences do not apply.
/// </summary>
internal sealed class PersonalMailer(
    Database database, EmailRenderer renderer, ResendClient resend, BalanceFeed feed, TimeProvider time)
{
    private const string Blot = "…";

    /// <summary>True when the message's mail has an end: nothing more is to be sent for it.</summary>
    public async Task<bool> IsDoneAsync(Guid messageId, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        return await unit.Db.Set<SentEmail>().AnyAsync(
            email => email.MessageId == messageId && email.State != EmailState.Pending, cancellationToken);
    }

    /// <summary>Each try is a mail of its own to the provider: its secret differs. Throws when another try is worth it.</summary>
    /// <exception cref="ProviderException">To be tried again.</exception>
    public async Task SendAsync<TTemplate>(
        OutboxMessage message, PersonalMail mail, IDictionary<string, object?> parameters, CancellationToken cancellationToken)
        where TTemplate : IComponent
    {
        var (html, text) = await renderer.RenderPersonalAsync(
            QueuedEmail.Of(typeof(TTemplate), mail.Kind, mail.Subject, parameters), mail.Why);
        var row = mail.TenantId is { } tenantId
            ? await OpenAsync(message, mail, tenantId, html, text, cancellationToken)
            : null;
        if (row is not null && row.State is not EmailState.Pending)
        {
            return;
        }

        try
        {
            var id = row?.Id ?? message.Id;
            var outgoing = new OutgoingEmail(mail.To, mail.Subject, html, text, mail.Kind, id);
            var providerId = await resend.SendAsync(outgoing, $"{id}:{message.Attempts}", cancellationToken);
            await EndAsync(row, EmailState.Sent, providerId, error: null, cancellationToken);
        }
        catch (ProviderException fault) when (fault.Code == "invalid_idempotent_request")
        {
            // This try was made before, with another secret: that mail is under way, and its secret is good.
            await EndAsync(row, EmailState.Sent, providerId: null, error: null, cancellationToken);
        }
        catch (ProviderException fault)
        {
            var isOver = message.Attempts >= OutboxDispatcher.AttemptsMax || !fault.IsRetryable;
            await EndAsync(row, isOver ? EmailState.Failed : EmailState.Pending, providerId: null, fault.Code, cancellationToken);
            if (!isOver)
            {
                throw;
            }
        }
    }

    private async Task<SentEmail> OpenAsync(
        OutboxMessage message, PersonalMail mail, Guid tenantId, string html, string text, CancellationToken cancellationToken)
    {
        var address = MailAddresses.Normalize(mail.To);
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var isFlagged = await unit.Db.Set<FlaggedAddress>().AnyAsync(
            flag => flag.TenantId == tenantId && flag.Address == address && flag.ClearedAt == null, cancellationToken);
        if (await unit.Db.Set<SentEmail>().SingleOrDefaultAsync(row => row.MessageId == message.Id, cancellationToken) is { } known)
        {
            return known;
        }

        var email = new SentEmail
        {
            Id = Ids.New(),
            TenantId = tenantId,
            MessageId = message.Id,
            Kind = mail.Kind,
            ToAddress = mail.To,
            Subject = mail.Subject,
            Html = html.Replace(mail.Secret, Blot, StringComparison.Ordinal),
            Text = text.Replace(mail.Secret, Blot, StringComparison.Ordinal),
            State = isFlagged ? EmailState.Withheld : EmailState.Pending,
            CreatedAt = time.GetUtcNow(),
        };
        unit.Db.Add(email);
        await unit.CommitAsync(cancellationToken);
        return email;
    }

    // The provider's own news may have come before its answer: they are never taken back.
    private async Task EndAsync(
        SentEmail? email, EmailState state, string? providerId, string? error, CancellationToken cancellationToken)
    {
        if (email is null)
        {
            return;
        }

        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var row = await unit.Db.Set<SentEmail>()
            .FromSql($"SELECT * FROM emails WHERE id = {email.Id} FOR UPDATE").SingleAsync(cancellationToken);
        row.ProviderId ??= providerId;
        if (row.State is EmailState.Pending)
        {
            (row.State, row.LastError) = (state, error);
            row.SentAt = state is EmailState.Sent ? time.GetUtcNow() : null;
        }

        feed.Ring(unit, email.TenantId);
        await unit.CommitAsync(cancellationToken);
    }
}

/// <summary>A mail to one address.</summary>
/// <param name="TenantId">In whose log it stands; null: in nobody's.</param>
/// <param name="To">The address.</param>
/// <param name="Kind">A code of <see cref="MailKinds"/>.</param>
/// <param name="Subject">One line.</param>
/// <param name="Why">The sentence at its foot: why it came.</param>
/// <param name="Secret">What is blotted out of the log.</param>
internal sealed record PersonalMail(
    Guid? TenantId, string To, string Kind, string Subject, string Why, string Secret)
{
    /// <summary>Without the secret: what is printed may end in a log.</summary>
    public override string ToString() => $"Mail {Kind}";
}
