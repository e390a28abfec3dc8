namespace BillingPortal.Providers.Sms;

/// <summary>A call as Twilio has it.</summary>
/// <param name="DurationSeconds">Null until the call has ended.</param>
/// <param name="PriceUsd">What Twilio takes from the operator, positive; known late.</param>
public sealed record CallReport(
    string Sid, CallStatus Status, string From, string To, string Direction, int? DurationSeconds, decimal? PriceUsd,
    DateTimeOffset? StartedAt, DateTimeOffset? EndedAt)
{
    public override string ToString() => $"Call {Sid} {Status}";
}

/// <summary>Where a call stands; the last five are its end.</summary>
public enum CallStatus
{
    Queued,
    Ringing,
    InProgress,
    Completed,
    Busy,
    Failed,
    NoAnswer,
    Canceled,
}

/// <summary>The spelling of <see cref="CallStatus"/>, as Twilio writes it.</summary>
public static class CallStatuses
{
    /// <summary>Null for a word that we do not know.</summary>
    public static CallStatus? Parse(string? word) => word switch
    {
        "queued" or "initiated" => CallStatus.Queued,
        "ringing" => CallStatus.Ringing,
        "in-progress" or "answered" => CallStatus.InProgress,
        "completed" => CallStatus.Completed,
        "busy" => CallStatus.Busy,
        "failed" => CallStatus.Failed,
        "no-answer" => CallStatus.NoAnswer,
        "canceled" => CallStatus.Canceled,
        _ => null,
    };

    public static bool IsEnd(this CallStatus status) => status >= CallStatus.Completed;
}
