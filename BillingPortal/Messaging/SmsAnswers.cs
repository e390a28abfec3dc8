namespace BillingPortal.Messaging;

/// <summary>From a message as it stands to the answer its sender gets, at first and again. Pure.</summary>
internal static class SmsAnswers
{
    private const int OptedOutCode = 21610;
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(30);

    public static SmsSend Of(SmsMessage message, bool isUnavailable) => message.State switch
    {
        SmsState.Recorded => new(message, new(
            SmsRefusalKind.Conflict, "idempotency_key_in_use",
            "The first request with this key is still running. Try again.", RetryAfter: TimeSpan.FromSeconds(1))),
        SmsState.Unknown => new(message, new(
            SmsRefusalKind.Unknown, "outcome_unknown",
            "The provider did not say whether it has the message. We are finding out; its price stays reserved until then. "
            + "Repeat the request under the same Idempotency-Key to learn more: nothing is sent twice.",
            RetryAfter: AskAgain)),
        SmsState.Refused when isUnavailable => new(message, new(
            SmsRefusalKind.Unavailable, "provider_unavailable",
            "The provider cannot be reached or is too busy. Nothing was sent or charged. Try again in a minute.",
            message.ErrorCode, AskAgain)),
        SmsState.Refused => new(message, Refusal(message)),
        SmsState.Queued or SmsState.Sending or SmsState.Sent or SmsState.Delivered or SmsState.Undelivered
            or SmsState.Failed => new(message, null),
        SmsState.Received => throw new InvalidOperationException($"Message {message.Id} was not sent by us."),
    };

    private static SmsRefusal Refusal(SmsMessage message) => message.ErrorCode is OptedOutCode
        ? SmsAdmission.OptedOut(OptedOutCode)
        : new SmsRefusal(
            SmsRefusalKind.RefusedByProvider, "refused_by_provider", SmsErrorText.Of(message.ErrorCode),
            message.ErrorCode);
}
