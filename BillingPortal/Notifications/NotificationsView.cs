using BillingPortal.Alerts;
using BillingPortal.Kernel;

namespace BillingPortal.Notifications;

/// <summary>Everything that the page Notifications shows.</summary>
public sealed record NotificationsView(
    BalanceStanding Standing, Recipients Recipients, IReadOnlyList<NoticeRow> History, IReadOnlyList<MailRow> Mails)
{
    /// <summary>Reads it, for one person.</summary>
    public sealed class Reader(BalanceCheck check, RecipientReader recipients, NoticeReader notices)
    {
        public async Task<NotificationsView> ReadAsync(
            Guid tenantId, Unit plan, Guid userId, CancellationToken cancellationToken = default) => new(
            await check.ReadAsync(tenantId, plan, cancellationToken),
            await recipients.ReadAsync(tenantId, cancellationToken),
            await notices.HistoryAsync(tenantId, userId, cancellationToken),
            await notices.MailsAsync(tenantId, cancellationToken));
    }
}
