using System.Globalization;

namespace BillingPortal.Messaging;

/// <summary>The provider's numbers in plain words that say what to do (Twilio's error dictionary). Pure.</summary>
public static class SmsErrorText
{
    public static string Of(int? code) => code switch
    {
        null => "It was not sent, and nothing was charged. Try again.",
        20429 => "Too many messages at a time. Nothing was sent; try again in a minute.",
        21211 or 21217 or 21604 => "The provider does not know such a number. Check the number.",
        21212 or 21603 or 21606 => "The sending number cannot send messages. Choose another of your numbers.",
        21408 => "Messages to this country are not switched on at the provider. Ask support about it.",
        21602 => "The message is empty.",
        21608 => "The provider's account is on trial and may only write to verified numbers. Ask support about it.",
        21610 => "This person asked for no more messages from this number.",
        21611 => "Too many messages wait at the sending number. Try again later, or send from another number.",
        21612 => "The provider has no way from this sending number to that country. Choose another of your numbers.",
        21614 or 21635 => "This number cannot receive messages; it may be a landline.",
        21617 => $"The message is longer than {SmsSegments.CharactersMax} characters.",
        30001 => "Too many messages waited at the provider, and this one was dropped. Send it again more slowly.",
        30002 => "The provider has suspended its account. Ask support about it.",
        30003 => "The phone was switched off or out of reach. It may work later.",
        30004 => "The phone or its carrier blocks messages like this.",
        30005 => "The number is not in use. Take it off your list.",
        30006 => "A landline, or a carrier that cannot be reached. Do not try again.",
        30007 => "The carrier took it for spam. Write it in plainer words, with fewer links.",
        30008 => "The carrier gave no reason. It may work later.",
        30034 => "The sending number is not registered for business messages in the US. Ask support about it.",
        _ => string.Create(CultureInfo.InvariantCulture, $"The provider refused it with its error {code}. Ask support about it."),
    };
}
