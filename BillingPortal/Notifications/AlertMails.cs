using System.Globalization;
using BillingPortal.Alerts;
using BillingPortal.Components.Shared;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.PhoneNumbers;
using Microsoft.Extensions.Options;

namespace BillingPortal.Notifications;

/// <summary>The mails of this room, written with the commit that they tell of. It decides nothing.</summary>
public sealed class AlertMails(Mailer mailer, IOptions<AppOptions> app)
{
    private const int LinesMax = 100;

    internal void LowBalance(
        UnitOfWork unit, Guid tenantId, BalanceAdvice.Situation now, bool isReminder, int number)
    {
        var left = AmountFormat.Text(now.Available);
        var title = (isReminder ? "Still " : "") + now.Level switch
        {
            AlertLevel.Low => isReminder ? "getting low" : "Your balance is getting low",
            AlertLevel.Warning => isReminder ? "low" : "Your balance is low",
            AlertLevel.Critical => isReminder ? "critical" : "Your balance is critical",
            AlertLevel.Good => throw new InvalidOperationException("A good balance is not mailed."),
        };
        var recommendations = BalanceAdvice.Recommendations(now);
        var message = BalanceAdvice.Message(now.Level, now.Available, now.Threshold);
        mailer.Enqueue<LowBalanceMail>(
            unit, tenantId, MailKinds.LowBalance, $"{title}: {left} left",
            new Dictionary<string, object?>
            {
                [nameof(LowBalanceMail.Title)] = title,
                [nameof(LowBalanceMail.Message)] = message,
                [nameof(LowBalanceMail.Recommendations)] = recommendations,
                [nameof(LowBalanceMail.IsReminder)] = isReminder,
                [nameof(LowBalanceMail.LinkText)] = now.Available.Unit is Unit.Credits ? "Buy credits" : "Add funds",
                [nameof(LowBalanceMail.Link)] = app.Value.Link("/buy").ToString(),
            },
            key: $"low-balance:{now.Available.Unit.ToCode()}:{number}",
            text: string.Join(' ', recommendations.Take(2)),
            severity: now.Level switch
            {
                AlertLevel.Critical => NoticeSeverity.Critical,
                AlertLevel.Warning => NoticeSeverity.Warning,
                _ => NoticeSeverity.Info,
            });
    }

    /// <summary>The level has changed: what was said about the old one is no banner any more.</summary>
    internal void EndLowBalance(UnitOfWork unit, Guid tenantId) => mailer.End(unit, tenantId, MailKinds.LowBalance);

    /// <summary>The numbers that renew on one day, and whether what is available now covers everything until then.</summary>
    internal void UpcomingCharges(
        UnitOfWork unit, Guid tenantId, DateOnly day, IReadOnlyList<UpcomingRent> rents, Amount available, Amount dueUntil)
    {
        var sum = rents.Aggregate(Amount.Zero(available.Unit), (total, rent) => total + rent.Amount);
        var (count, date) = (rents.Count == 1 ? "1 phone number renews" : $"{rents.Count} phone numbers renew", Date(day));
        var isCovered = dueUntil <= available;
        var covered = isCovered
            ? $"Your balance covers it: {AmountFormat.Text(available)} are available."
            : $"Your balance does not cover it: {AmountFormat.Text(available)} are available, and "
                + $"{AmountFormat.Text(dueUntil)} fall due until then. Add at least "
                + $"{AmountFormat.Text(dueUntil - available)}, or the numbers will be suspended.";
        mailer.Enqueue<UpcomingChargesMail>(
            unit, tenantId, MailKinds.UpcomingCharges, $"{count} on {date} for {AmountFormat.Text(sum)}",
            new Dictionary<string, object?>
            {
                [nameof(UpcomingChargesMail.Title)] = $"{count} on {date}",
                [nameof(UpcomingChargesMail.Numbers)] = rents.Take(LinesMax).Select(rent => new UpcomingNumber(
                    rent.Label is { Length: > 0 } label ? $"{rent.Number} ({label})" : rent.Number,
                    AmountFormat.Text(rent.Amount))).ToList(),
                [nameof(UpcomingChargesMail.More)] = Math.Max(0, rents.Count - LinesMax),
                [nameof(UpcomingChargesMail.Sum)] = AmountFormat.Text(sum),
                [nameof(UpcomingChargesMail.Covered)] = covered,
                [nameof(UpcomingChargesMail.IsCovered)] = isCovered,
                [nameof(UpcomingChargesMail.Link)] = app.Value.Link(
                    isCovered ? MailKinds.Of(MailKinds.UpcomingCharges).Href : "/buy").ToString(),
            },
            key: UpcomingKey(available.Unit, day),
            text: covered,
            link: isCovered ? null : "/buy",
            severity: isCovered ? NoticeSeverity.Info : NoticeSeverity.Warning);
    }

    // UpcomingCharges looks for it in SQL.
    private static string UpcomingKey(Unit plan, DateOnly day) =>
        $"upcoming:{plan.ToCode()}:{day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}";

    private static string Date(DateOnly day) => day.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);
}
