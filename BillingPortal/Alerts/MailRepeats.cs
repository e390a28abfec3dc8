using BillingPortal.Audit;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Outbox;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Alerts;

/// <summary>Why a mail is, or is not, sent again.</summary>
public enum RepeatOutcome
{
    /// <summary>Written as a new mail, which is being sent.</summary>
    Queued,
    UnknownEmail,

    /// <summary>It is still being sent, or tried again by itself.</summary>
    StillPending,

    /// <summary>It lets somebody in: such mails are asked for anew, never repeated.</summary>
    HoldsSecret,

    /// <summary>The address is not written to.</summary>
    Flagged,

    /// <summary>The address belongs to nobody of the tenant any more.</summary>
    NotTheirs,

    /// <summary>Often enough for one day.</summary>
    TooOften,
}

/// <summary>The outcome, and the new mail where there is one.</summary>
public sealed record MailRepeat(RepeatOutcome Outcome, Guid? EmailId = null);

/// <summary>
/// Sends a mail of the log again, word for word, as a new mail under a key of its own that names the old one. Staff's alone; written
/// into the audit log. Never a mail with a secret, never to an address that mail does not reach.
/// </summary>
public sealed class MailRepeats(
    Database database, OutboxWriter outbox, RecipientReader recipients, AuditLog audit, BalanceFeed feed, TimeProvider time)
{
    /// <summary>Of one mail.</summary>
    public const int PerDayMax = 5;

    /// <summary>What <see cref="RepeatAsync"/> would say now; <see cref="RepeatOutcome.Queued"/>: nothing speaks against it.</summary>
    public async Task<RepeatOutcome> JudgeAsync(SentEmail email, CancellationToken cancellationToken = default)
    {
        var people = await recipients.ReadAsync(email.TenantId, cancellationToken);
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        return await JudgeAsync(unit, email, people, cancellationToken);
    }

    /// <param name="attemptKey">Made by the page: the same attempt sends once.</param>
    public async Task<MailRepeat> RepeatAsync(
        Guid emailId, string attemptKey, Actor actor, CancellationToken cancellationToken = default)
    {
        if (await FindAsync(emailId, cancellationToken) is not { } known)
        {
            return new MailRepeat(RepeatOutcome.UnknownEmail);
        }

        var people = await recipients.ReadAsync(known.TenantId, cancellationToken);
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var email = await unit.Db.Set<SentEmail>().FromSql($"SELECT * FROM emails WHERE id = {emailId} FOR UPDATE")
            .AsNoTracking().SingleAsync(cancellationToken);
        var id = Ids.FromName("email-again", emailId.ToString(), attemptKey);
        if (await unit.Db.Set<SentEmail>().AnyAsync(row => row.Id == id, cancellationToken))
        {
            return new MailRepeat(RepeatOutcome.Queued, id);
        }

        var outcome = await JudgeAsync(unit, email, people, cancellationToken);
        if (outcome is not RepeatOutcome.Queued)
        {
            return new MailRepeat(outcome);
        }

        // Its row exists before the message is delivered, so the handler renders nothing and sends these words.
        var message = outbox.Enqueue(
            unit, QueuedEmail.MessageKind, email.TenantId, new { ResentOf = emailId }, key: $"again:{id}");
        unit.Db.Add(Again(email, id, message));
        audit.Record(unit, new AuditRecord(
            email.TenantId, actor, "email.resent", "email", emailId.ToString(), $"Sent “{email.Subject}” again to {email.ToAddress}",
            Before: new { email.State }, After: new { Email = id }));
        feed.Ring(unit, email.TenantId);
        await unit.CommitAsync(cancellationToken);
        return new MailRepeat(RepeatOutcome.Queued, id);
    }

    private SentEmail Again(SentEmail email, Guid id, Guid message) => new()
    {
        Id = id,
        TenantId = email.TenantId,
        MessageId = message,
        ResentOfId = email.Id,
        Kind = email.Kind,
        ToAddress = email.ToAddress,
        Subject = email.Subject,
        Html = email.Html,
        Text = email.Text,
        State = EmailState.Pending,
        CreatedAt = time.GetUtcNow(),
    };

    private async Task<SentEmail?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        return await unit.Db.Set<SentEmail>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
    }

    private async Task<RepeatOutcome> JudgeAsync(
        UnitOfWork unit, SentEmail email, Recipients people, CancellationToken cancellationToken)
    {
        // What the table lists is for everybody of the tenant; all else is for one person's eyes.
        if (!MailKinds.All.Any(kind => kind.Code == email.Kind))
        {
            return RepeatOutcome.HoldsSecret;
        }

        if (email.State is EmailState.Pending)
        {
            return RepeatOutcome.StillPending;
        }

        var address = MailAddresses.Normalize(email.ToAddress);
        if (await unit.Db.Set<FlaggedAddress>().AnyAsync(
            flag => flag.TenantId == email.TenantId && flag.Address == address && flag.ClearedAt == null, cancellationToken))
        {
            return RepeatOutcome.Flagged;
        }

        var theirs = people.People.Select(person => person.Email).Append(people.Preferences.OverrideAddress ?? "");
        if (!theirs.Any(one => MailAddresses.Normalize(one) == address))
        {
            return RepeatOutcome.NotTheirs;
        }

        var since = time.GetUtcNow().AddDays(-1);
        var often = await unit.Db.Set<SentEmail>().CountAsync(
            row => row.ResentOfId == email.Id && row.CreatedAt > since, cancellationToken);
        return often >= PerDayMax ? RepeatOutcome.TooOften : RepeatOutcome.Queued;
    }
}
