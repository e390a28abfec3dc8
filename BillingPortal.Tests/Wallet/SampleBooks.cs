using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;

namespace BillingPortal.Tests.Wallet;

/// <summary>Books as they look after some weeks of business, for pictures and pages.</summary>
internal static class SampleBooks
{
    /// <summary>
    /// Sixty days of calls, messages and mail with a top-up of 5,000 and its bonus whenever less than 1,500 is left.
    /// About 5,000 entries; the same every time but for the date.
    /// </summary>
    public static async Task MuchAsync(ConnectionStrings connections, Guid tenantId, DateTimeOffset now)
    {
        var random = new Random(7);
        var lines = new List<Line> { TopUp(now.AddDays(-60)) };
        var balance = 5_000m;
        for (var day = 59; day >= 0; day--)
        {
            var isWeekend = now.AddDays(-day).DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;
            foreach (var line in DayOfUse(random, now.AddDays(-day), isWeekend ? 30 : 110).OrderBy(line => line.At))
            {
                lines.Add(line);
                balance += line.Amount.ToDecimal();
                if (balance < 1_500)
                {
                    lines.Add(TopUp(line.At.AddSeconds(20)));
                    lines.Add(Bonus(line.At.AddSeconds(20)));
                    balance += 5_020;
                }
            }
        }

        await TestBooks.WriteAsync(connections, tenantId, Unit.Credits, lines);
    }

    /// <summary>One purchase and three calls.</summary>
    public static Task LittleAsync(ConnectionStrings connections, Guid tenantId, DateTimeOffset now) =>
        TestBooks.WriteAsync(connections, tenantId, Unit.Credits,
        [
            new Line(
                now.AddHours(-5), Amount.Credits(250), EntryKind.Purchase, Service: null, Note: "250 credits, Visa ••4242"),
            new Line(now.AddHours(-3), Amount.Credits(-75), Reference: "CA7f2c41"),
            new Line(now.AddHours(-2), Amount.Credits(-5), Service: "sms_outbound", Reference: "SM19a0"),
            new Line(now.AddMinutes(-20), Amount.Credits(-1), Service: "email", Reference: "em_5"),
        ]);

    private static IEnumerable<Line> DayOfUse(Random random, DateTimeOffset day, int events)
    {
        for (var n = 0; n < events; n++)
        {
            var at = day.AddMinutes(-random.Next(600));
            yield return random.Next(100) switch
            {
                < 15 => new Line(at, Amount.Credits(-25 * random.Next(1, 6)), Reference: $"CA{random.Next():x8}"),
                < 50 => new Line(at, Amount.Credits(-5), Service: "sms_outbound", Reference: $"SM{random.Next():x8}"),
                < 70 => new Line(at, Amount.Credits(-1), Service: "sms_inbound", Reference: $"SM{random.Next():x8}"),
                < 98 => new Line(at, Amount.Credits(-1), Service: "email", Reference: $"em_{random.Next():x8}"),
                _ => new Line(
                    at, Amount.Credits(5), EntryKind.Refund, "sms_outbound", $"SM{random.Next():x8}", "Message was not delivered"),
            };
        }
    }

    private static Line Bonus(DateTimeOffset at) =>
        new(at, Amount.Credits(20), EntryKind.Bonus, Service: null, Note: "Auto-recharge bonus");

    private static Line TopUp(DateTimeOffset at) =>
        new(at, Amount.Credits(5_000), EntryKind.Purchase, Service: null, Note: "5,000 credits, Visa ••4242");
}
