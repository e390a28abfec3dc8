using BillingPortal.Sandbox.Storage;

namespace BillingPortal.Sandbox.Twilio.Voice;

/// <summary>A call from or to an owned number.</summary>
internal sealed record PhoneCall : IRecord
{
    public required string Id { get; init; }

    public required string From { get; init; }

    public required string To { get; init; }

    public required string Direction { get; init; }

    /// <summary>The owned number's SID.</summary>
    public required string NumberSid { get; init; }

    public required string Status { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? AnsweredAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public int? DurationSeconds { get; init; }

    /// <summary>How long it lasts if nobody hangs up.</summary>
    public int PlannedSeconds { get; init; }

    public decimal? Price { get; init; }

    public string StatusCallback { get; init; } = "";

    /// <summary>The next callback's <c>SequenceNumber</c>.</summary>
    public int Sequence { get; init; }

    public bool IsOver => EndedAt is not null;
}

/// <summary>States of a call.</summary>
internal static class CallStatus
{
    public const string Initiated = "initiated";
    public const string Ringing = "ringing";
    public const string InProgress = "in-progress";
    public const string Completed = "completed";

    /// <summary>How a call ends that nobody took.</summary>
    public static readonly IReadOnlyList<string> Unanswered = ["busy", "no-answer", "failed", "canceled"];
}
