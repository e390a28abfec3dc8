using BillingPortal.Kernel;

namespace BillingPortal.Webhooks.Monitor;

/// <summary>One event in the list; its body is read only on its own page.</summary>
public sealed record WebhookRow(
    Guid Id, string Provider, string EventId, string Type, string? ObjectId, EventSource Source, DateTimeOffset ReceivedAt,
    EventState State, int Attempts, DateTimeOffset NextAttemptAt, DateTimeOffset? EndedAt, string? LastError)
{
    /// <summary>From its coming to its end.</summary>
    public TimeSpan? Took => EndedAt - ReceivedAt;
}

/// <summary>One page of the list and where the next, older one begins; null at the end.</summary>
public sealed record WebhookPage(IReadOnlyList<WebhookRow> Rows, TimeCursor? Next);

/// <summary>What came in an hour, and how much of it did not work at once.</summary>
public readonly record struct WebhookHour(long Received, long Failed)
{
    public static WebhookHour operator +(WebhookHour left, WebhookHour right) =>
        new(left.Received + right.Received, left.Failed + right.Failed);
}

/// <summary>How the inbox stands.</summary>
/// <param name="At">When it was looked at.</param>
/// <param name="Hours">The last day, oldest hour first.</param>
public sealed record WebhookFigures(DateTimeOffset At, IReadOnlyList<WebhookHour> Hours)
{
    public const int HoursShown = 24;

    public WebhookHour LastHour => Hours[^1];

    public WebhookHour Day => Hours.Aggregate((sum, hour) => sum + hour);

    public long Waiting { get; init; }

    /// <summary>Of those that wait: failed at least once.</summary>
    public long Retrying { get; init; }

    public DateTimeOffset? OldestWaitingAt { get; init; }

    public long Dead { get; init; }

    public DateTimeOffset? OldestDeadAt { get; init; }

    /// <summary>From coming to end, of the day's last thousand; null when nothing came.</summary>
    public TimeSpan? Median { get; init; }

    public TimeSpan? P95 { get; init; }
}
