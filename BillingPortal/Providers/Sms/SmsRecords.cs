namespace BillingPortal.Providers.Sms;

/// <summary>One message to one number, which Twilio reports about at <c>StatusCallback</c>. Never prints its text.</summary>
public sealed record OutgoingSms(string From, string To, string Body, Uri StatusCallback)
{
    public override string ToString() => $"SMS of {Body.Length} characters";
}

/// <summary>Exactly one of the two: a message that Twilio took, or its refusal. A refused message costs nothing.</summary>
public sealed record SendAnswer(SmsReport? Message, TwilioRefusal? Refusal);

/// <summary>A message as Twilio has it. Never prints its text or numbers.</summary>
/// <param name="Segments">Null while Twilio has not split the message yet.</param>
/// <param name="PriceUsd">What Twilio takes from the operator, positive; null until it is known, long after sending.</param>
public sealed record SmsReport(
    string Sid, SmsStatus Status, string From, string To, string Body, int? Segments, decimal? PriceUsd, int? ErrorCode,
    DateTimeOffset CreatedAt, DateTimeOffset? SentAt)
{
    public override string ToString() => $"SMS {Sid} {Status}";
}

/// <summary>
/// Where a message stands. Callbacks come late, twice and in any order; who keeps a status moves it forward only.
/// </summary>
public enum SmsStatus
{
    Queued,
    Accepted,
    Scheduled,
    Sending,
    Sent,
    Delivered,
    Undelivered,
    Failed,
    Canceled,
    Read,
    PartiallyDelivered,
    Receiving,
    Received,
}

/// <summary>A clear no to what was asked, with Twilio's number for it. Nothing happened and nothing is owed.</summary>
public sealed record TwilioRefusal(int Code, string Message, RefusalKind Kind);

/// <summary>What a refusal is about, so that a person can be told what to change.</summary>
public enum RefusalKind
{
    /// <summary>Not a number that can get a message.</summary>
    InvalidTo,

    /// <summary>The account may not send there: a region that is not switched on, an unverified number of a trial.</summary>
    NotPermitted,

    /// <summary>The person asked not to be written to. Do not try again.</summary>
    OptedOut,

    /// <summary>Not the account's number, or one that cannot send.</summary>
    InvalidFrom,

    TooLong,

    /// <summary>The sending number has too many messages waiting; later is of use.</summary>
    QueueFull,

    /// <summary>Somebody else has bought the number.</summary>
    NotAvailable,

    Other,
}

/// <summary>The public spelling of <see cref="SmsStatus"/>, as Twilio writes it.</summary>
public static class SmsStatuses
{
    /// <summary>Null for a word that we do not know: Twilio adds some without notice.</summary>
    public static SmsStatus? Parse(string? word) => word switch
    {
        "queued" => SmsStatus.Queued,
        "accepted" => SmsStatus.Accepted,
        "scheduled" => SmsStatus.Scheduled,
        "sending" => SmsStatus.Sending,
        "sent" => SmsStatus.Sent,
        "delivered" => SmsStatus.Delivered,
        "undelivered" => SmsStatus.Undelivered,
        "failed" => SmsStatus.Failed,
        "canceled" => SmsStatus.Canceled,
        "read" => SmsStatus.Read,
        "partially_delivered" => SmsStatus.PartiallyDelivered,
        "receiving" => SmsStatus.Receiving,
        "received" => SmsStatus.Received,
        _ => null,
    };
}
