namespace BillingPortal.Demo;

/// <summary>
/// What made-up people write to each other. Numbers come from ranges that are kept for fiction; texts are of every kind
/// that a page must bear: long ones, emoji, typographic quotes, other languages.
/// </summary>
internal static class DemoTexts
{
    public const string Stop = "STOP";

    public static readonly IReadOnlyList<string> AcmeSays =
    [
        "Reminder: your appointment is tomorrow at 10:15. Reply C to cancel or R to move it.",
        "Your receipt for $48.00 is ready: https://acme.example/r/8f21",
        "Welcome to Acme Voice! Save this number to reach us any time.",
        "Thanks for calling today. How did we do? Answer with a number from 1 to 5.",
        "Your call back is set for 14:30. Somebody from support will ring this number.",
        "We’re closed on Friday – see you on Monday 😀",
        "Hi, this is Acme Voice about the quote you asked for. It is valid until the end of the month; the details are in the "
            + "email we sent you this morning. Call us back on this number if anything is unclear, or just answer here.",
        "Recordatorio: su cita es mañana a las 10:15. Responda C para cancelar.",
    ];

    public static readonly IReadOnlyList<string> AcmeHears =
    [
        "C", "R", "5", "4", "Thanks!", "Can we move it to 11?", "👍", "Who is this?", "Running 10 min late, sorry",
        "Yes please", "Perfect, see you then", "Could you send the receipt again?",
    ];

    public static readonly IReadOnlyList<string> BoltSays =
    [
        "Ihre Lieferung kommt heute zwischen 13:00 und 15:00 Uhr. Bolt Logistics",
        "Your parcel is on its way. Track it: https://bolt.example/t/5521",
        "Fahrer ist da. Bitte kommen Sie zum Tor 3.",
        "Zustellung nicht möglich – neuer Versuch morgen ab 8 Uhr.",
        "Votre colis arrive aujourd’hui entre 9 h et 11 h.",
        "Pick-up confirmed for tomorrow, 07:30, dock 2. Bring reference 88-1204.",
    ];

    public static readonly IReadOnlyList<string> BoltHears =
        ["OK", "Bin um 14 Uhr da", "Please leave it with the neighbour", "Tor 3 ist zu!", "Danke 🙏", "Wann genau?"];

    /// <summary>A person's number, always the same one for the same draws. The last ten of each range only write STOP.</summary>
    public static string AcmePerson(int place, int person) => place switch
    {
        < 70 => $"+1202555{100 + (person % 90):0000}",
        < 85 => $"+1303555{100 + (person % 90):0000}",
        < 96 => $"+1416555{100 + (person % 90):0000}",
        _ => $"+447700900{person % 900:000}",
    };

    public static string AcmeLeaver(int person) => $"+1202555{190 + (person % 10):0000}";

    public static string BoltPerson(int place, int person) => place switch
    {
        < 75 => $"+4917139200{person % 100:00}",
        < 88 => $"+447700900{person % 900:000}",
        _ => $"+3363998{person % 10_000:0000}",
    };

    public static string BoltLeaver(int person) => $"+44770090099{person % 10}";
}
