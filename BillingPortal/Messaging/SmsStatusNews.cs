using BillingPortal.Providers.Sms;

namespace BillingPortal.Messaging;

/// <summary>The provider's word about one message that was sent; it comes late, twice and in any order.</summary>
/// <param name="MessageId">Our own id, from the address that was given along at sending; null when it was not there.</param>
public sealed record SmsStatusNews(string Sid, SmsStatus Status, int? ErrorCode, Guid? MessageId);

/// <summary>What became of the provider's word.</summary>
public enum SmsNewsOutcome
{
    /// <summary>The message has moved on.</summary>
    Moved = 1,

    /// <summary>Known before, or too late to change anything; noted in the message's timeline.</summary>
    Noted,

    /// <summary>No message of ours.</summary>
    UnknownMessage,
}
