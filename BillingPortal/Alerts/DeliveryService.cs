using BillingPortal.Data;
using BillingPortal.Outbox;
using BillingPortal.Providers.Email;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Alerts;

/// <summary>
/// Takes in what became of mails: moves the log forward and flags addresses that mail does not reach. Safe to repeat,
/// in any order: an email's state never moves back, and only a move flags.
/// </summary>
public sealed partial class DeliveryService(
    Database database, BalanceFeed feed, TimeProvider time, ILogger<DeliveryService> logger)
{
    /// <summary>False when the news mean nothing here: another kind, or an email that is not ours.</summary>
    public async Task<bool> ApplyAsync(ResendEvent news, CancellationToken cancellationToken = default)
    {
        if (StateOf(news.Type) is not { } state || await FindAsync(news, cancellationToken) is not { } id)
        {
            return false;
        }

        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var email = await unit.Db.Set<SentEmail>().FromSql($"SELECT * FROM emails WHERE id = {id} FOR UPDATE")
            .SingleAsync(cancellationToken);
        if (email.State.Rank() >= state.Rank())
        {
            return true; // known, or overtaken by later news
        }

        email.ProviderId ??= news.EmailId;
        email.SentAt ??= time.GetUtcNow();
        (email.State, email.ToldAt, email.LastError) = (state, time.GetUtcNow(), news.Detail);
        if (FlagFor(state, news) is { } reason)
        {
            await FlagAsync(unit, email, reason, news.Detail, cancellationToken);
        }

        feed.Ring(unit, email.TenantId);
        await unit.CommitAsync(cancellationToken);
        LogTold(logger, email.Id, email.TenantId, state);
        return true;
    }

    private static EmailState? StateOf(string type) => type switch
    {
        "email.sent" => EmailState.Sent,
        "email.delivered" => EmailState.Delivered,
        "email.bounced" => EmailState.Bounced,
        "email.complained" => EmailState.Complained,
        "email.suppressed" => EmailState.Suppressed,
        "email.failed" => EmailState.Failed,
        _ => null,
    };

    // A full mailbox may be emptied; what is gone for good is not written to again.
    private static FlagReason? FlagFor(EmailState state, ResendEvent news) => state switch
    {
        EmailState.Bounced when news.IsPermanent => FlagReason.Bounced,
        EmailState.Complained => FlagReason.Complained,
        EmailState.Suppressed => FlagReason.Suppressed,
        _ => null,
    };

    // By our own id first: the provider's may come before the answer to our call, or without it.
    private async Task<Guid?> FindAsync(ResendEvent news, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var emails = unit.Db.Set<SentEmail>().AsNoTracking();
        var ours = news.OurId is { } id
            ? await emails.Where(email => email.Id == id).Select(email => (Guid?)email.Id)
                .SingleOrDefaultAsync(cancellationToken)
            : null;
        return ours ?? (news.EmailId is null ? null
            : await emails.Where(email => email.ProviderId == news.EmailId).OrderBy(email => email.Id)
                .Select(email => (Guid?)email.Id).FirstOrDefaultAsync(cancellationToken));
    }

    // News of a mail that was written before a person cleared the address say nothing about the address as it is now.
    private async Task FlagAsync(
        UnitOfWork unit, SentEmail email, FlagReason reason, string? detail, CancellationToken cancellationToken)
    {
        await using var command = unit.Command(
            """
            INSERT INTO flagged_addresses AS known (tenant_id, address, reason, detail, flagged_at)
            VALUES ($1, $2, $3, nullif($4, ''), $5)
            ON CONFLICT (tenant_id, address) DO UPDATE
            SET reason = excluded.reason, detail = excluded.detail, flagged_at = excluded.flagged_at,
                cleared_at = NULL, cleared_by = NULL
            WHERE known.cleared_at IS NULL OR known.cleared_at < $6
            """,
            email.TenantId, MailAddresses.Normalize(email.ToAddress), TextCodes.Of(reason), detail ?? "",
            time.GetUtcNow(), email.CreatedAt);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(LogLevel.Information, "Email {Id} of tenant {TenantId} is {State}")]
    private static partial void LogTold(ILogger logger, Guid id, Guid tenantId, EmailState state);
}
