namespace BillingPortal.Messaging;

/// <summary>A message that somebody wrote to one of our numbers. Never prints its text or numbers.</summary>
/// <param name="From">E.164, a short code or a name, as the provider gave it.</param>
/// <param name="Segments">Null or 0: not told.</param>
/// <param name="OptOutType">The provider's own verdict: <c>STOP</c>, <c>START</c>, <c>HELP</c>; null: none was given.</param>
/// <param name="FromCountry">ISO 3166 code, when the provider gave one.</param>
/// <param name="ReceivedAt">When it reached us.</param>
public sealed record InboundSms(
    string Sid, string From, string To, string Body, int? Segments, int MediaCount, string? OptOutType,
    string? FromCountry, DateTimeOffset ReceivedAt)
{
    public override string ToString() => $"Inbound SMS {Sid}";
}

/// <summary>What became of an inbound message.</summary>
public enum InboundOutcome
{
    Received = 1,

    /// <summary>It was received before; the answer is the first one's.</summary>
    Repeated,

    /// <summary>Nobody's number: nothing was recorded here.</summary>
    UnknownNumber,
}

/// <summary>The answer to an inbound message.</summary>
/// <param name="Reply">Null: no reply is to be sent.</param>
public sealed record InboundResult(InboundOutcome Outcome, InboundReply? Reply);

/// <summary>A reply for the webhook's own answer. Its price is reserved; it is paid when the provider reports it.</summary>
/// <param name="StatusCallback">Where the provider is to report about it.</param>
public sealed record InboundReply(Guid MessageId, string Text, Uri StatusCallback)
{
    public override string ToString() => $"Reply {MessageId}";
}
