using BillingPortal.Sandbox.Storage;

namespace BillingPortal.Sandbox.Twilio.Messages;

/// <summary>A message in either direction.</summary>
internal sealed record SmsMessage : IRecord
{
    public required string Id { get; init; }

    public required string From { get; init; }

    public required string To { get; init; }

    public required string Body { get; init; }

    public required string Direction { get; init; }

    public required string Status { get; init; }

    public required int Segments { get; init; }

    public int Media { get; init; }

    public int? ErrorCode { get; init; }

    /// <summary>In US dollars, negative for a charge; null until Twilio has rated the message.</summary>
    public decimal? Price { get; init; }

    public string? StatusCallback { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public DateTimeOffset? SentAt { get; init; }

    /// <summary>Twilio's own reply to a keyword: on the handset, in nobody's list and on nobody's bill.</summary>
    public bool IsTwilios { get; init; }

    /// <summary>What becomes of it, decided when it was accepted.</summary>
    public Fate Fate { get; init; } = Fate.Delivered;

    public bool IsFinal => Status is SmsStatus.Delivered or SmsStatus.Undelivered or SmsStatus.Failed
        or SmsStatus.Received || (Status == SmsStatus.Sent && Fate.Status == SmsStatus.Sent);
}

/// <summary>The last status a message reaches, with the error that explains it.</summary>
internal sealed record Fate(string Status, int? ErrorCode, string Does)
{
    public static readonly Fate Delivered = new(SmsStatus.Delivered, null, "is delivered");
}

/// <summary>States of a message.</summary>
internal static class SmsStatus
{
    public const string Queued = "queued";
    public const string Sending = "sending";
    public const string Sent = "sent";
    public const string Delivered = "delivered";
    public const string Undelivered = "undelivered";
    public const string Failed = "failed";
    public const string Received = "received";
}

/// <summary>Directions of a message.</summary>
internal static class SmsDirection
{
    public const string Api = "outbound-api";
    public const string Reply = "outbound-reply";
    public const string Inbound = "inbound";
}
