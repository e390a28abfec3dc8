using BillingPortal.Kernel;

namespace BillingPortal.Messaging;

/// <summary>A wish to send, as somebody wrote it. Never prints its text or numbers.</summary>
/// <param name="From">One of the tenant's numbers; null: its first one in service.</param>
public sealed record SendSms(string? To, string? Message, string? From = null)
{
    public override string ToString() => $"SMS of {Message?.Length ?? 0} characters";
}

/// <summary>The answer to a wish: the message as it stands, or why there is none, or none that counts.</summary>
/// <param name="Message">Null when nothing was recorded.</param>
/// <param name="Refusal">Null when the provider has taken the message, now or at the first try under the same key.</param>
public sealed record SmsSend(SmsMessage? Message, SmsRefusal? Refusal)
{
    public bool IsSent => Refusal is null;
}

/// <summary>Why a message was not sent, or is not known to have been.</summary>
public enum SmsRefusalKind
{
    /// <summary>The wish itself must be changed.</summary>
    Invalid = 1,

    /// <summary>It may not be sent there: opted out, or a country that is not switched on.</summary>
    NotAllowed,

    /// <summary>It stands against what is recorded: no number in service, another message under the same key.</summary>
    Conflict,
    TooMany,
    Insufficient,

    /// <summary>The provider said no; nothing was charged.</summary>
    RefusedByProvider,

    /// <summary>The provider could not be reached, and has nothing; nothing was charged.</summary>
    Unavailable,

    /// <summary>The provider may have it. Its price stays reserved until that is found out; it is never sent twice.</summary>
    Unknown,
}

/// <summary>A refusal with its stable code and words that say what to do.</summary>
/// <param name="ProviderCode">The provider's own number for it, for example 21610.</param>
public sealed record SmsRefusal(
    SmsRefusalKind Kind, string Code, string Detail, int? ProviderCode = null, TimeSpan? RetryAfter = null,
    SmsShortfall? Shortfall = null);

/// <summary>What a message takes, and what there is.</summary>
public sealed record SmsShortfall(Amount Required, Amount Balance, Amount Available);
