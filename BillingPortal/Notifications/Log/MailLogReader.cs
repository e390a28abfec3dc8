using BillingPortal.Alerts;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Providers.Email;
using BillingPortal.Tenants;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BillingPortal.Notifications.Log;

/// <summary>Reads the mails of all tenants for staff. Changes nothing.</summary>
public sealed class MailLogReader(Database database, IOptions<ResendOptions> resend, TimeProvider time)
{
    public const int PageSize = 50;

    /// <summary>Newest first, without their words.</summary>
    public async Task<MailPage> PageAsync(
        MailFilter filter, TimeCursor? before = null, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var mails = filter.Apply(unit.Db.Set<SentEmail>().AsNoTracking());
        if (before is { At: var at, Id: var id })
        {
            // The first condition is what the index begins at.
            mails = mails.Where(mail => mail.CreatedAt <= at && (mail.CreatedAt < at || mail.Id.CompareTo(id) < 0));
        }

        var newest = mails.OrderByDescending(mail => mail.CreatedAt).ThenByDescending(mail => mail.Id).Take(PageSize + 1);
        var found = await (from mail in newest
                           join tenant in unit.Db.Set<Tenant>() on mail.TenantId equals tenant.Id
                           orderby mail.CreatedAt descending, mail.Id descending
                           select new LoggedMail(
                               new MailRow(mail.Id, mail.Kind, mail.ToAddress, mail.Subject, mail.State, mail.LastError, mail.CreatedAt),
                               tenant.Id, tenant.Name, mail.ResentOfId != null)).ToListAsync(cancellationToken);
        var rows = found.Take(PageSize).ToList();
        return new MailPage(rows, found.Count > PageSize ? new TimeCursor(rows[^1].Mail.CreatedAt, rows[^1].Mail.Id) : null);
    }

    /// <summary>How the mails of the last day stand.</summary>
    public async Task<IReadOnlyDictionary<EmailState, int>> DayAsync(CancellationToken cancellationToken = default)
    {
        var since = time.GetUtcNow().AddDays(-1);
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        return await unit.Db.Set<SentEmail>().Where(mail => mail.CreatedAt >= since).GroupBy(mail => mail.State)
            .Select(group => new { group.Key, Count = group.Count() })
            .ToDictionaryAsync(group => group.Key, group => group.Count, cancellationToken);
    }

    public async Task<MailDetails?> FindAsync(Guid id, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var mails = unit.Db.Set<SentEmail>().AsNoTracking();
        var found = await (from mail in mails
                           join tenant in unit.Db.Set<Tenant>() on mail.TenantId equals tenant.Id
                           where mail.Id == id
                           select new { Mail = mail, tenant.Name }).SingleOrDefaultAsync(cancellationToken);
        if (found is null)
        {
            return null;
        }

        var again = await mails.Where(mail => mail.ResentOfId == id).OrderByDescending(mail => mail.CreatedAt)
            .ThenByDescending(mail => mail.Id).Take(PageSize)
            .Select(mail => new MailRow(mail.Id, mail.Kind, mail.ToAddress, mail.Subject, mail.State, mail.LastError, mail.CreatedAt))
            .ToListAsync(cancellationToken);
        var address = MailAddresses.Normalize(found.Mail.ToAddress);
        var flag = await unit.Db.Set<FlaggedAddress>().AsNoTracking().SingleOrDefaultAsync(
            row => row.TenantId == found.Mail.TenantId && row.Address == address && row.ClearedAt == null, cancellationToken);
        return new MailDetails(found.Mail, found.Name, resend.Value.From, flag, again);
    }
}

/// <summary>A mail and whose it is.</summary>
/// <param name="IsRepeat">Staff sent it again.</param>
public sealed record LoggedMail(MailRow Mail, Guid TenantId, string TenantName, bool IsRepeat);

/// <summary>One page of the log and where the next, older one begins; null at the end.</summary>
public sealed record MailPage(IReadOnlyList<LoggedMail> Rows, TimeCursor? Next);

/// <summary>One mail, whole.</summary>
/// <param name="From">Whom mails come from, as it is set now.</param>
/// <param name="Flag">Why its address is not written to any more.</param>
/// <param name="Repeats">Mails that repeat it, newest first.</param>
public sealed record MailDetails(SentEmail Mail, string TenantName, string From, FlaggedAddress? Flag, IReadOnlyList<MailRow> Repeats);
