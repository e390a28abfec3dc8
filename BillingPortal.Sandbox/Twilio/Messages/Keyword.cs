namespace BillingPortal.Sandbox.Twilio.Messages;

/// <summary>The words that Twilio understands by itself when they stand alone in a message.</summary>
internal static class Keyword
{
    public const string Stop = "STOP";
    public const string Start = "START";
    public const string Help = "HELP";

    public const string StopReply = "You have successfully been unsubscribed. You will not receive any more messages "
        + "from this number. Reply START to resubscribe.";

    public const string StartReply = "You have successfully been re-subscribed to messages from this number. Reply "
        + "HELP for help. Reply STOP to unsubscribe. Msg&Data Rates May Apply.";

    public const string HelpReply = "Reply STOP to unsubscribe. Msg&Data Rates May Apply.";

    /// <summary>Stop, Start, Help or null.</summary>
    public static string? Of(string body) => body.Trim().ToUpperInvariant() switch
    {
        "STOP" or "STOPALL" or "UNSUBSCRIBE" or "CANCEL" or "END" or "QUIT" or "REVOKE" or "OPTOUT" => Stop,
        "START" or "UNSTOP" or "YES" => Start,
        "HELP" or "INFO" => Help,
        _ => null,
    };
}
