using System.Globalization;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Messaging;
using BillingPortal.PhoneNumbers;
using static BillingPortal.Tests.Messaging.TestMessages;

namespace BillingPortal.Tests.Messaging;

/// <summary>Messages as they look after some weeks of business, for pictures and pages.</summary>
internal static class SampleMessages
{
    private static int _lastNumber = 3_000_000;

    private static readonly string[] Texts =
    [
        "Reminder: your appointment is tomorrow at 10:15. Reply C to cancel.",
        "Your receipt for $48.00: https://acme.example/r/8f21",
        "Welcome to Acme Voice! Save this number to reach us any time.",
        "Thanks for calling. How did we do? Answer 1 to 5.",
        "We’re closed on Friday – see you on Monday 😀",
    ];

    private static readonly string[] Answers = ["C", "5", "Thanks!", "Can we move it to 11?", "👍", "Who is this?"];

    /// <summary>What strangers can write, and a page must bear.</summary>
    public static readonly string[] Strange =
    [
        "<script>alert('hi')</script><img src=x onerror=alert(1)> & \"quotes\"",
        "Pay at \u202Emoc.elpmaxe\u202C now \u0007\u001B[31m\u200B!",
        "مرحبا، موعدك غدا الساعة 10:15 in room 4",
        string.Concat(Enumerable.Repeat("Z\u0335\u0322\u0321\u0334\u0328a\u0336\u0321l\u0337\u0322go", 12)),
        new string('W', 1_600),
    ];

    /// <summary>One number, six messages: each in another state; and all that is strange.</summary>
    public static async Task LittleAsync(ConnectionStrings connections, Guid tenantId, DateTimeOffset now)
    {
        var number = await NumberAsync(connections, tenantId, now, "Front desk");
        SmsMessage[] messages =
        [
            Message(now.AddMinutes(-3), SmsState.Queued, number: number, body: Texts[0]),
            Message(now.AddMinutes(-9), number: number, body: Texts[4]),
            Message(now.AddMinutes(-44), SmsState.Undelivered, SmsPayment.Refunded, number, body: Texts[1], errorCode: 30003),
            Message(now.AddMinutes(-50), SmsState.Refused, SmsPayment.Released, number, body: Texts[1], errorCode: 21610),
            Message(now.AddHours(-1), SmsState.Unknown, SmsPayment.Held, number, body: Texts[2]),
            Received(now.AddHours(-2), SmsPayment.Unpaid, Answers[3], number: number),
            .. Strange.Select((text, n) => Received(now.AddHours(-3).AddMinutes(-n), body: text, number: number)),
        ];
        await WriteAsync(connections, tenantId, messages);
    }

    /// <summary>Sixty days on three numbers and to four countries; about 5,000 messages, the same every time.</summary>
    public static async Task MuchAsync(ConnectionStrings connections, Guid tenantId, DateTimeOffset now)
    {
        var random = new Random(11);
        string[] numbers =
        [
            await NumberAsync(connections, tenantId, now, "Reception"), await NumberAsync(connections, tenantId, now, "Sales"),
            await NumberAsync(connections, tenantId, now, label: null),
        ];
        await WriteAsync(connections, tenantId,
            from day in Enumerable.Range(0, 60)
            let date = now.AddDays(-day)
            from n in Enumerable.Range(0, date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 35 : 100)
            select One(random, numbers[Math.Min(2, random.Next(5))], date.AddMinutes(-random.Next(700)).AddSeconds(-n)));
    }

    /// <summary>A number in service.</summary>
    public static async Task<string> NumberAsync(
        ConnectionStrings connections, Guid tenantId, DateTimeOffset now, string? label, string? e164 = null)
    {
        var number = e164 ?? string.Create(CultureInfo.InvariantCulture, $"+1415{Interlocked.Increment(ref _lastNumber)}");
        await using var database = new Database(connections);
        await using var unit = await database.BeginOpsAsync();
        unit.Db.Add(new PhoneNumber
        {
            Id = Ids.New(),
            TenantId = tenantId,
            Number = number,
            Country = "US",
            Label = label,
            ProviderSid = $"PN{Ids.New():N}",
            State = PhoneNumberState.Active,
            Unit = Unit.Credits,
            AnchorDay = 5,
            NextBillingDate = now.AddDays(20),
            CreatedAt = now.AddDays(-70),
            AcquiredAt = now.AddDays(-70),
        });
        await unit.CommitAsync();
        return number;
    }

    private static SmsMessage One(Random random, string number, DateTimeOffset at)
    {
        var (country, prefix) = random.Next(20) switch
        {
            < 15 => ("US", "+1202555"),
            < 18 => ("CA", "+1416555"),
            18 => ("DE", "+49151234"),
            _ => ("GB", "+44770090"),
        };
        var peer = $"{prefix}{random.Next(100, 10_000):0000}";
        return random.Next(100) switch
        {
            < 28 => Received(at, body: Answers[random.Next(Answers.Length)], peer: peer, number: number, country: country),
            < 31 => Message(
                at, SmsState.Undelivered, SmsPayment.Refunded, number, peer, country, Texts[random.Next(5)], errorCode: 30005),
            < 34 => Message(at, SmsState.Sent, number: number, peer: peer, country: country, body: Texts[random.Next(5)]),
            _ => Message(at, number: number, peer: peer, country: country, body: Texts[random.Next(5)]),
        };
    }
}
