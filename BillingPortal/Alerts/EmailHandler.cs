using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Outbox;
using BillingPortal.Providers;
using BillingPortal.Providers.Email;
using BillingPortal.Tenants;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Alerts;

/// <summary>
/// Sends a queued email to each recipient once: writes the rows first, then sends what is pending under the row's id as
/// the provider's key. A repeat renders nothing anew and skips who has it. A flagged address gets a row and no mail.
/// </summary>
internal sealed partial class EmailHandler(
    Database database, TenantReader tenants, RecipientReader recipients, EmailRenderer renderer, ResendClient resend,
    BalanceFeed feed, TimeProvider time, ILogger<EmailHandler> logger) : IOutboxHandler
{
    public string Kind => QueuedEmail.MessageKind;

    public async Task HandleAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        var pending = await FindAsync(message, cancellationToken) ?? await WriteAsync(message, cancellationToken);
        ProviderException? later = null;
        foreach (var email in pending)
        {
            later = await SendAsync(email, IsLastTry(message), cancellationToken) ?? later;
        }

        if (later is not null)
        {
            throw later;
        }
    }

    private static bool IsLastTry(OutboxMessage message) => message.Attempts >= OutboxDispatcher.AttemptsMax;

    private async Task<List<SentEmail>?> FindAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var known = await unit.Db.Set<SentEmail>().AsNoTracking().Where(email => email.MessageId == message.Id)
            .ToListAsync(cancellationToken);
        return known.Count == 0 ? null : known.FindAll(email => email.State is EmailState.Pending);
    }

    private async Task<List<SentEmail>> WriteAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        var tenantId = message.TenantId ?? throw new InvalidOperationException($"The email {message.Id} has no tenant.");
        var queued = message.Read<QueuedEmail>();
        var to = await recipients.ReadAsync(tenantId, cancellationToken);
        if (!to.Preferences.Wants(queued.Kind))
        {
            return []; // the notification in the portal is all they asked for
        }

        if (to.Targets.Count == 0 || await tenants.FindAsync(tenantId, cancellationToken) is not { } tenant)
        {
            LogNobody(logger, message.Id, tenantId);
            return [];
        }

        var (html, text) = await renderer.RenderAsync(queued, tenant.Name);
        List<SentEmail> emails =
        [
            .. to.Targets.Select(target => new SentEmail
            {
                Id = Ids.New(),
                TenantId = tenantId,
                MessageId = message.Id,
                Kind = queued.Kind,
                ToAddress = target.Address,
                Subject = queued.Subject,
                Html = html,
                Text = text,
                State = target.IsFlagged ? EmailState.Withheld : EmailState.Pending,
                CreatedAt = time.GetUtcNow(),
            }),
        ];
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        unit.Db.AddRange(emails);
        await unit.CommitAsync(cancellationToken);
        return emails.FindAll(email => email.State is EmailState.Pending);
    }

    // The fault to try again for, or null: one person's bad address must not keep the mail from the others.
    private async Task<ProviderException?> SendAsync(
        SentEmail email, bool isLastTry, CancellationToken cancellationToken)
    {
        try
        {
            if (await IsFlaggedAsync(email, cancellationToken))
            {
                await EndAsync(email, EmailState.Withheld, providerId: null, error: null, cancellationToken);
                return null;
            }

            var outgoing = new OutgoingEmail(
                email.ToAddress, email.Subject, email.Html, email.Text, email.Kind, email.Id);
            var providerId = await resend.SendAsync(outgoing, email.Id.ToString(), cancellationToken);
            await EndAsync(email, EmailState.Sent, providerId, error: null, cancellationToken);
            return null;
        }
        catch (ProviderException fault) when (fault.Code == "invalid_idempotent_request")
        {
            // The key was used before with other words, so the provider has the email.
            await EndAsync(email, EmailState.Sent, providerId: null, error: null, cancellationToken);
            return null;
        }
        catch (ProviderException fault)
        {
            var isOver = isLastTry || !fault.IsRetryable;
            await EndAsync(
                email, isOver
                    ? EmailState.Failed : EmailState.Pending, providerId: null, fault.Code, cancellationToken);
            return isOver ? null : fault;
        }
    }

    // Between two tries the address may have turned out to be dead.
    private async Task<bool> IsFlaggedAsync(SentEmail email, CancellationToken cancellationToken)
    {
        var address = MailAddresses.Normalize(email.ToAddress);
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        return await unit.Db.Set<FlaggedAddress>().AnyAsync(
            flag => flag.TenantId == email.TenantId && flag.Address == address && flag.ClearedAt == null,
            cancellationToken);
    }

    // The provider's own news may have come before its answer: they are never taken back.
    private async Task EndAsync(
        SentEmail email, EmailState state, string? providerId, string? error, CancellationToken cancellationToken)
    {
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

    [LoggerMessage(LogLevel.Warning, "Email {Id} of tenant {TenantId} has nobody to go to")]
    private static partial void LogNobody(ILogger logger, Guid id, Guid tenantId);
}
