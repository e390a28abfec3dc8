using BillingPortal.Sandbox.Twilio.Api;

namespace BillingPortal.Sandbox.Twilio.Messages;

/// <summary>
/// Numbers with a known fate: Twilio's own magic numbers, which are refused at once, and the sandbox's, told by their
/// last four digits in any country, which fail on the way.
/// </summary>
internal static class TestNumbers
{
    public const string MagicSender = "+15005550006";

    /// <summary>Twilio's, as recipient.</summary>
    public static readonly IReadOnlyList<RefusedNumber> Recipients =
    [
        new("+15005550001", 21211, "Invalid 'To' Phone Number: {0}"),
        new("+15005550002", 21612,
            "Message cannot be sent with the current combination of 'To' ({0}) and/or 'From' parameters."),
        new("+15005550003", 21408,
            "Permission to send an SMS or MMS has not been enabled for the region indicated by the 'To' number: {0}"),
        new("+15005550004", 21610, "Attempt to send to unsubscribed recipient"),
        new("+15005550009", 21614, "'To' number {0} is not a mobile number"),
    ];

    /// <summary>Twilio's, as sender.</summary>
    public static readonly IReadOnlyList<RefusedNumber> Senders =
    [
        new("+15005550001", 21212, "Invalid 'From' Phone Number: {0}"),
        new("+15005550007", 21606,
            "The 'From' phone number provided ({0}) is not a valid message-capable Twilio phone number for this "
            + "destination."),
        new("+15005550008", 21611, "This 'From' number has exceeded the maximum number of queued messages"),
    ];

    /// <summary>The sandbox's, by the recipient's last four digits.</summary>
    public static readonly IReadOnlyDictionary<string, Fate> Endings = new Dictionary<string, Fate>
    {
        ["0021"] = new(SmsStatus.Undelivered, 30003, "the handset cannot be reached"),
        ["0022"] = new(SmsStatus.Failed, 30007, "the carrier filters it as spam"),
        ["0023"] = new(SmsStatus.Undelivered, 30006, "a landline, or a carrier that takes no messages"),
        ["0024"] = new(SmsStatus.Undelivered, 30005, "nobody has this number"),
        ["0025"] = new(SmsStatus.Failed, 30008, "fails for an unknown reason"),
        ["0026"] = new(SmsStatus.Undelivered, 30034, "the sender is not registered for A2P 10DLC"),
        ["0027"] = new(SmsStatus.Sent, null, "the carrier never reports: it stays “sent”"),
    };

    public static Fate FateOf(string recipient) => Endings.GetValueOrDefault(recipient[^4..]) ?? Fate.Delivered;

    public static void RefuseRecipient(string number) => Refuse(Recipients, number);

    public static void RefuseSender(string number) => Refuse(Senders, number);

    private static void Refuse(IReadOnlyList<RefusedNumber> refused, string number)
    {
        if (refused.FirstOrDefault(one => one.Number == number) is { } found)
        {
            throw TwilioError.Refused(found.Code, found.Message.Replace("{0}", number, StringComparison.Ordinal));
        }
    }
}

/// <summary>A number that is refused before anything is sent.</summary>
internal sealed record RefusedNumber(string Number, int Code, string Message);
