using System.Globalization;
using BillingPortal.Kernel;
using BillingPortal.Pricing;
using BillingPortal.Usage;

namespace BillingPortal.Demo;

/// <summary>
/// Makes plausible events of a profile: quiet nights, two humps in the working day, quieter weekends, no two days alike. Pure and
/// repeatable: the same profile and day give the same events.
/// </summary>
internal static class UsagePattern
{
    // Twenty-four hours from the opening hour on: morning hump, lunch, afternoon hump, evening, night.
    private static readonly double[] HourWeights =
        [5, 8, 10, 10, 7, 7, 9, 10, 9, 6, 4, 3, 2.5, 2, 1.5, 1, 0.6, 0.4, 0.3, 0.3, 0.4, 0.6, 1, 2];

    private static readonly string[] Templates = ["appointment-reminder", "receipt", "welcome", "call-summary", "survey"];
    private static readonly string[] Lines = ["reception", "sales", "support"];

    /// <summary>One day's events in the order of their times. A scale of 1 is the profile's own volume.</summary>
    public static IReadOnlyList<UsageEvent> Day(UsageProfile profile, DateOnly day, double scale = 1)
    {
        var random = new Random(SeedOf(profile.Name, day));
        var isWeekend = day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;
        var share = scale * (isWeekend ? profile.WeekendShare : 1) * Between(random, 0.9, 1.1);
        var events = new List<UsageEvent>();
        foreach (var (service, perDay) in profile.Volumes)
        {
            // A fraction of an event is one now and then.
            var count = (int)Math.Floor((perDay * share * Between(random, 0.9, 1.1)) + random.NextDouble());
            for (var i = 0; i < count; i++)
            {
                events.Add(Event(profile, service, day, i, random));
            }
        }

        return [.. events.OrderBy(one => one.OccurredAt).ThenBy(one => one.ReferenceId, StringComparer.Ordinal)];
    }

    private static UsageEvent Event(UsageProfile profile, string service, DateOnly day, int number, Random random) => new(
        service, Quantity(profile, service, random), Reference(profile, service, day, number),
        TimeOf(profile, day, random), Metadata(service, random));

    private static decimal Quantity(UsageProfile profile, string service, Random random) => service switch
    {
        ServiceCodes.Voice => CallMinutes(profile, random.NextDouble()),
        ServiceCodes.Fax => random.Next(1, 5),
        _ => 1,
    };

    // Most calls are short; the square gives the long tail.
    private static decimal CallMinutes(UsageProfile profile, double draw) =>
        decimal.Round(0.3m + ((profile.CallMinutesMax - 0.3m) * (decimal)(draw * draw)), 2);

    // Shaped like the ids that phone and mail platforms give.
    private static string Reference(UsageProfile profile, string service, DateOnly day, int number)
    {
        var id = Ids.FromName(profile.Name, service, day.ToString("O", CultureInfo.InvariantCulture), $"{number}").ToString("N");
        return service switch
        {
            ServiceCodes.Voice => $"CA{id}",
            ServiceCodes.SmsOutbound or ServiceCodes.SmsInbound => $"SM{id}",
            ServiceCodes.Email => $"em_{id[..20]}",
            ServiceCodes.Fax => $"FX{id}",
            _ => $"ft_{id[..20]}",
        };
    }

    private static DateTimeOffset TimeOf(UsageProfile profile, DateOnly day, Random random)
    {
        var pick = random.NextDouble() * HourWeights.Sum();
        var hour = 0;
        while (hour < HourWeights.Length - 1 && (pick -= HourWeights[hour]) >= 0)
        {
            hour++;
        }

        // The hours after midnight UTC are the same day's early ones: a day's events stay within the day.
        var utcHour = (profile.OpensAtUtc + hour) % 24;
        return new DateTimeOffset(day, new TimeOnly(utcHour, 0), TimeSpan.Zero).AddSeconds(random.Next(3600));
    }

    // Numbers from the range that is kept for fiction (555-0100 to 555-0199).
    private static string Metadata(string service, Random random) => service switch
    {
        ServiceCodes.Voice =>
            $$"""{"to":"+1202555{{random.Next(100, 200):0000}}","line":"{{Lines[random.Next(Lines.Length)]}}"}""",
        ServiceCodes.SmsOutbound => $$"""{"to":"+1202555{{random.Next(100, 200):0000}}"}""",
        ServiceCodes.SmsInbound => $$"""{"from":"+1202555{{random.Next(100, 200):0000}}"}""",
        ServiceCodes.Email => $$"""{"template":"{{Templates[random.Next(Templates.Length)]}}"}""",
        ServiceCodes.Fax => """{"document":"delivery-note"}""",
        _ => """{"document":"shipping-list"}""",
    };

    private static double Between(Random random, double low, double high) => low + ((high - low) * random.NextDouble());

    private static int SeedOf(string name, DateOnly day) =>
        BitConverter.ToInt32(Ids.FromName(name, day.ToString("O", CultureInfo.InvariantCulture)).ToByteArray());
}
