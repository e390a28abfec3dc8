using System.Collections.Frozen;

namespace BillingPortal.Messaging;

/// <summary>What an error code of the provider means for the person who sent the message, and what to do about it.</summary>
/// <param name="Meaning">A clause: what went wrong.</param>
/// <param name="Advice">A sentence: what helps; or that nothing does.</param>
public sealed record SmsTrouble(int Code, string Meaning, string Advice);

/// <summary>Twilio's codes of sending and delivery in plain words (twilio.com/docs/api/errors, as of 2026).</summary>
public static class SmsTroubles
{
    private const string Later = "Send it again later.";
    private const string CheckNumber = "Check the number with the person; without another one, call them.";
    private const string Support = "Tell support: this has to be put right at the provider.";

    private static readonly FrozenDictionary<int, SmsTrouble> Known = new SmsTrouble[]
    {
        new(20003, "The portal could not sign in at the provider", Support),
        new(20404, "The provider does not know this message", Support),
        new(20429, "Too many messages were sent at once", Later),
        new(21211, "This is not a phone number that exists", CheckNumber),
        new(21212, "The sender is not a number that can be used", "Choose another of your numbers."),
        new(21217, "This is not a phone number that exists", CheckNumber),
        new(21408, "Messages to this country are not switched on at the provider", Support),
        new(21602, "The message had no text", "Write one and send it again."),
        new(21603, "The message had no sender", "Choose one of your numbers."),
        new(21604, "The message had no recipient", "Enter a phone number."),
        new(21606, "Your number cannot send messages to this one", "Choose another of your numbers."),
        new(21608, "The provider's account is a trial that writes to confirmed numbers only", Support),
        new(21610, "The person does not want messages from this number",
            "Do not write to them from it. They can change their mind by sending START."),
        new(21611, "Too many messages of your number are waiting", "Wait a few minutes, then send it again."),
        new(21612, "There is no route from your number to this one", "Choose another of your numbers."),
        new(21614, "This number cannot receive messages: it is not a mobile", CheckNumber),
        new(21617, "The text is longer than 1,600 characters", "Shorten it or send two messages."),
        new(21635, "This number is a landline", CheckNumber),
        new(30001, "Too many messages of your number were waiting", "Send more slowly, then send it again."),
        new(30002, "The provider's account is suspended", Support),
        new(30003, "The phone could not be reached: switched off, out of coverage, or not in service", Later),
        new(30004, "The network or the person blocks messages from your number",
            "Ask the person to allow it; sending again does not help."),
        new(30005, "The number is unknown or no longer in service", CheckNumber),
        new(30006, "The number is a landline, or its network cannot be reached", CheckNumber),
        new(30007, "The network filtered it out as unwanted or as spam",
            "Say who you are, avoid short links and all capitals, and send it again."),
        new(30008, "The network gave no reason", "Send it again; if it keeps failing, call the person."),
        new(30009, "A part of the message never arrived", "Shorten the text and send it again."),
        new(30010, "It would have cost more than the most that is allowed", Support),
        new(30017, "The network was overloaded", Later),
        new(30018, "The network there takes messages from registered senders only", Support),
        new(30019, "The message was larger than the network allows", "Shorten the text and send it again."),
        new(30022, "Your number sends faster than its registration allows", "Send more slowly."),
        new(30023, "Your number has sent all that its registration allows in a day", "Send the rest tomorrow."),
        new(30032, "Your toll-free number is not verified", Support),
        new(30034, "Your number is not registered for messages in the United States (A2P 10DLC)", Support),
    }.ToFrozenDictionary(trouble => trouble.Code);

    public static SmsTrouble Of(int code) => Known.TryGetValue(code, out var known)
        ? known
        : new SmsTrouble(code, $"The provider gave its error {code}, which is not in our list",
            "Send it again; if it keeps failing, tell support the number.");
}
