using System.Collections.Frozen;

namespace BillingPortal.Messaging;

/// <summary>What a word of an inbound message asks for. The provider answers these itself; we only keep the list.</summary>
public enum SmsKeyword
{
    None = 0,
    Stop,
    Start,
    Help,
}

/// <summary>Reads keywords (Twilio's default lists for long codes). Pure.</summary>
public static class SmsKeywords
{
    private const int WordMax = 40;

    private static readonly FrozenSet<string> Stop = FrozenSet.Create(
        StringComparer.Ordinal, "STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT");

    private static readonly FrozenSet<string> Start = FrozenSet.Create(StringComparer.Ordinal, "START", "UNSTOP", "YES");

    private static readonly FrozenSet<string> Help = FrozenSet.Create(StringComparer.Ordinal, "HELP", "INFO");

    /// <param name="optOutType">The provider's own verdict, which wins over the words.</param>
    public static SmsKeyword Read(string body, string? optOutType) => optOutType?.Trim().ToUpperInvariant() switch
    {
        "STOP" => SmsKeyword.Stop,
        "START" => SmsKeyword.Start,
        "HELP" => SmsKeyword.Help,
        _ => ReadWord(body),
    };

    // "Stop.", " STOP ALL! " and "opt-out" count; "stop by at noon" does not: the message is the word alone.
    private static SmsKeyword ReadWord(string body)
    {
        if (body.Length > WordMax)
        {
            return SmsKeyword.None;
        }

        var word = string.Concat(body.Where(char.IsLetterOrDigit)).ToUpperInvariant();
        return Stop.Contains(word) ? SmsKeyword.Stop
            : Start.Contains(word) ? SmsKeyword.Start
            : Help.Contains(word) ? SmsKeyword.Help
            : SmsKeyword.None;
    }
}
