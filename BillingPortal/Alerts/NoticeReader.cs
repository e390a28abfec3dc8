using BillingPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Alerts;

/// <summary>Reads what a person is told in the portal, and what became of the mails. Changes nothing.</summary>
public sealed class NoticeReader(Database database, RecipientReader recipients, TimeProvider time)
{
    /// <summary>More unread ones than this are not counted.</summary>
    public const int UnreadMax = 100;

    private const int BannersMax = 3;
    private const int HistoryMax = 50;
    private const int MailsMax = 25;
    private static readonly TimeSpan BannerAge = TimeSpan.FromDays(30);

    /// <summary>What stands on every page: the unread count, what is pressing, addresses that mail does not reach.</summary>
    public async Task<NoticeBoard> BoardAsync(
        Guid tenantId, Guid userId, CancellationToken cancellationToken = default)
    {
        var since = time.GetUtcNow() - BannerAge;
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        var unread = Unread(unit, tenantId, userId);
        var count = await unread.Take(UnreadMax).CountAsync(cancellationToken);
        var pressing = count == 0 ? [] : await unread
            .Where(row => row.EndedAt == null && row.Severity != NoticeSeverity.Info && row.CreatedAt > since)
            .OrderByDescending(row => row.CreatedAt).ThenByDescending(row => row.Id).Take(HistoryMax)
            .ToListAsync(cancellationToken);
        var hasFlags = await unit.Db.Set<FlaggedAddress>()
            .AnyAsync(flag => flag.TenantId == tenantId && flag.ClearedAt == null, cancellationToken);
        var dead = hasFlags ? (await recipients.ReadAsync(tenantId, cancellationToken)).Dead : [];
        return new NoticeBoard(
            count,
            [
                .. pressing.DistinctBy(row => row.Kind).OrderByDescending(row => row.Severity)
                    .ThenByDescending(row => row.CreatedAt).Take(BannersMax),
            ],
            dead);
    }

    /// <summary>The last notifications, newest first, each with whether this person has read it.</summary>
    public async Task<IReadOnlyList<NoticeRow>> HistoryAsync(
        Guid tenantId, Guid userId, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        var reads = unit.Db.Set<NotificationRead>();
        return await unit.Db.Set<Notification>().AsNoTracking().Where(row => row.TenantId == tenantId)
            .OrderByDescending(row => row.CreatedAt).ThenByDescending(row => row.Id).Take(HistoryMax)
            .Select(row => new NoticeRow(row, reads.Any(read =>
                read.TenantId == tenantId && read.UserId == userId && read.NotificationId == row.Id)))
            .ToListAsync(cancellationToken);
    }

    /// <summary>The last mails, newest first, without their words.</summary>
    public async Task<IReadOnlyList<MailRow>> MailsAsync(Guid tenantId, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        return await unit.Db.Set<SentEmail>().AsNoTracking().Where(row => row.TenantId == tenantId)
            .OrderByDescending(row => row.CreatedAt).ThenByDescending(row => row.Id).Take(MailsMax)
            .Select(row => new MailRow(
                row.Id, row.Kind, row.ToAddress, row.Subject, row.State, row.LastError, row.CreatedAt))
            .ToListAsync(cancellationToken);
    }

    internal static IQueryable<Notification> Unread(UnitOfWork unit, Guid tenantId, Guid userId)
    {
        var reads = unit.Db.Set<NotificationRead>();
        return unit.Db.Set<Notification>().AsNoTracking().Where(row => row.TenantId == tenantId
            && !reads.Any(read => read.TenantId == tenantId && read.UserId == userId && read.NotificationId == row.Id));
    }
}

/// <summary>What stands on every page.</summary>
/// <param name="Unread">Counted to <see cref="NoticeReader.UnreadMax"/>.</param>
/// <param name="Pressing">Not read, not over, worse than good to know; the newest of each kind, the worst first.</param>
/// <param name="Dead">Addresses that would be written to and are flagged.</param>
public sealed record NoticeBoard(
    int Unread, IReadOnlyList<Notification> Pressing, IReadOnlyList<FlaggedAddress> Dead);

/// <summary>A notification in a person's history.</summary>
public sealed record NoticeRow(Notification Notice, bool IsRead);

/// <summary>A mail in the log.</summary>
/// <param name="Error">The other side's words, where it did not arrive.</param>
public sealed record MailRow(
    Guid Id, string Kind, string To, string Subject, EmailState State, string? Error, DateTimeOffset CreatedAt);
