using BillingPortal.Components.Shared;
using BillingPortal.Kernel;

namespace BillingPortal.Support;

/// <summary>What the timeline is made of, and may be filtered by.</summary>
public enum TimelineKind
{
    Payment = 1,

    /// <summary>Entries of the books, usage left out.</summary>
    Entry,

    /// <summary>Entries of usage: on a busy tenant more than everything else.</summary>
    Usage,

    /// <summary>Auto-recharge: why it charged or did not, and what became of it.</summary>
    Recharge,
    Sms,
    Mail,
    Webhook,

    /// <summary>What the staff and the tenant's own people changed.</summary>
    Change,
}

/// <summary>The names of <see cref="TimelineKind"/> for people.</summary>
public static class TimelineKinds
{
    /// <summary>What is shown before anybody chooses.</summary>
    public static readonly IReadOnlyCollection<TimelineKind> Usual =
        [.. Enum.GetValues<TimelineKind>().Where(kind => kind is not TimelineKind.Usage)];

    public static string ToText(this TimelineKind kind) => kind switch
    {
        TimelineKind.Payment => "Payments",
        TimelineKind.Entry => "Entries",
        TimelineKind.Usage => "Usage",
        TimelineKind.Recharge => "Recharges",
        TimelineKind.Sms => "SMS",
        TimelineKind.Mail => "Emails",
        TimelineKind.Webhook => "Webhooks",
        TimelineKind.Change => "Staff and changes",
    };
}

/// <summary>One thing that happened.</summary>
/// <param name="Id">Unique among its kind.</param>
/// <param name="Label">A word for the kind.</param>
/// <param name="Change">What it did to the balance; null where it is no entry.</param>
public sealed record TimelineItem(
    DateTimeOffset At, TimelineKind Kind, string Id, string Label, StatusTone Tone, string Title, string? Detail = null,
    Amount? Change = null);

/// <summary>
/// Where the next page begins. The books have no index by time, so each account goes on by its entry's number; all the rest
/// goes on by time.
/// </summary>
public sealed record TimelineCursor(DateTimeOffset At, string Id, long? CreditsSeq, long? FundsSeq)
{
    public static readonly TimelineCursor Newest = new(DateTimeOffset.MaxValue, "", CreditsSeq: null, FundsSeq: null);
}

/// <summary>One page, newest first. <see cref="Next"/> is null on the last.</summary>
public sealed record TimelinePage(IReadOnlyList<TimelineItem> Items, TimelineCursor? Next);
