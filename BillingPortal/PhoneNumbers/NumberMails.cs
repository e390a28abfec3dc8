using System.Globalization;
using BillingPortal.Alerts;
using BillingPortal.Components.Shared;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.PhoneNumbers.Emails;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BillingPortal.PhoneNumbers;

/// <summary>
/// What a tenant's people are told about their numbers, written with the commit that it tells of: one mail for all
/// numbers of a tenant that one transaction suspended or brought back.
/// </summary>
public sealed class NumberMails(Mailer mailer, IOptions<AppOptions> app)
{
    /// <summary>The page of this room.</summary>
    public const string Path = "/numbers";

    // A long list is not read; the page has all.
    private const int ListedMax = 50;

    /// <summary>At once, and critical.</summary>
    internal void EnqueueSuspended(UnitOfWork unit, IReadOnlyList<RentAsk> asks, DateTimeOffset retryAt)
    {
        var needed = AmountFormat.Text(Sum(asks));
        var first = asks[0];
        mailer.Enqueue<NumbersSuspendedMail>(
            unit, first.Number.TenantId, MailKinds.PhoneSuspended,
            asks.Count == 1 ? "A phone number is out of service" : $"{asks.Count} phone numbers are out of service",
            new Dictionary<string, object?>
            {
                [nameof(NumbersSuspendedMail.Numbers)] = Listed(asks),
                [nameof(NumbersSuspendedMail.Needed)] = needed,
                [nameof(NumbersSuspendedMail.RetryOn)] = Day(retryAt),
                [nameof(NumbersSuspendedMail.TopUpLink)] = Link("/buy"),
                [nameof(NumbersSuspendedMail.NumbersLink)] = Link(Path),
            },
            key: $"suspended:{first.Number.Id}:{first.Period.Start.UtcDateTime:yyyyMMdd}",
            text: $"The rent was not covered. A top-up of {needed} brings "
                + (asks.Count == 1 ? $"{first.Number.Number} back at once." : "them back at once."),
            link: Path, severity: NoticeSeverity.Critical);
    }

    /// <summary>Not covered, and in service until then: grace days of the account run.</summary>
    internal void EnqueueInGrace(UnitOfWork unit, IReadOnlyList<RentAsk> asks, DateTimeOffset until)
    {
        var (needed, ends) = (AmountFormat.Text(Sum(asks)), Moment(until));
        var first = asks[0];
        mailer.Enqueue<NumbersInGraceMail>(
            unit, first.Number.TenantId, MailKinds.PhoneGrace,
            asks.Count == 1 ? $"A phone number's rent is due: it stays in service until {ends}"
                : $"The rent of {asks.Count} phone numbers is due: they stay in service until {ends}",
            new Dictionary<string, object?>
            {
                [nameof(NumbersInGraceMail.Numbers)] = Listed(asks),
                [nameof(NumbersInGraceMail.Needed)] = needed,
                [nameof(NumbersInGraceMail.Until)] = ends,
                [nameof(NumbersInGraceMail.TopUpLink)] = Link("/buy"),
                [nameof(NumbersInGraceMail.RechargeLink)] = Link("/auto-recharge"),
            },
            key: $"grace:{first.Number.Id}:{first.Period.Start.UtcDateTime:yyyyMMdd}",
            text: $"The balance did not cover it. A top-up of {needed} pays it at once.", link: Path);
    }

    /// <summary>Takes the banner down when no number of the tenant is on grace days any more.</summary>
    internal async Task EndGraceAsync(UnitOfWork unit, Guid tenantId, CancellationToken cancellationToken)
    {
        if (!await unit.Db.Set<PhoneNumber>().AnyAsync(
            number => number.TenantId == tenantId && number.GraceUntil != null, cancellationToken))
        {
            mailer.End(unit, tenantId, MailKinds.PhoneGrace);
        }
    }

    /// <summary>The suspension's notice is over once no number of the tenant is suspended any more.</summary>
    internal async Task EnqueueResumedAsync(
        UnitOfWork unit, IReadOnlyList<RentAsk> asks, CancellationToken cancellationToken)
    {
        var first = asks[0];
        var tenantId = first.Number.TenantId;
        mailer.Enqueue<NumbersResumedMail>(
            unit, tenantId, MailKinds.PhoneResumed,
            asks.Count == 1 ? "Your phone number is back in service" : $"{asks.Count} phone numbers are back in service",
            new Dictionary<string, object?>
            {
                [nameof(NumbersResumedMail.Numbers)] = Listed(asks),
                [nameof(NumbersResumedMail.NextOn)] = Day(first.Period.End),
                [nameof(NumbersResumedMail.Link)] = Link(Path),
            },
            key: $"resumed:{first.Number.Id}:{first.Period.Start.UtcDateTime:yyyyMMdd}",
            text: $"{AmountFormat.Text(Sum(asks))} rent paid.", link: Path);
        await EndSuspensionAsync(unit, tenantId, cancellationToken);
    }

    /// <summary>Takes the banner down when no number of the tenant is suspended any more.</summary>
    internal async Task EndSuspensionAsync(UnitOfWork unit, Guid tenantId, CancellationToken cancellationToken)
    {
        if (!await unit.Db.Set<PhoneNumber>().AnyAsync(
            number => number.TenantId == tenantId && number.State == PhoneNumberState.Suspended, cancellationToken))
        {
            mailer.End(unit, tenantId, MailKinds.PhoneSuspended);
        }
    }

    private static Amount Sum(IReadOnlyList<RentAsk> asks) =>
        asks.Aggregate(Amount.Zero(asks[0].Number.Unit), (sum, ask) => sum + ask.Amount!.Value);

    private static MailedNumber[] Listed(IReadOnlyList<RentAsk> asks) =>
    [
        .. asks.Take(ListedMax).Select(ask => new MailedNumber(
            ask.Number.Label is { } label ? $"{ask.Number.Number} ({label})" : ask.Number.Number,
            AmountFormat.Text(ask.Amount!.Value))),
        .. asks.Count > ListedMax ? [new MailedNumber($"and {asks.Count - ListedMax} more", "")] : (MailedNumber[])[],
    ];

    private static string Day(DateTimeOffset day) =>
        day.UtcDateTime.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);

    private static string Moment(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("d MMMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private string Link(string path) => app.Value.Link(path).ToString();
}
