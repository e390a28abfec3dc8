using System.Globalization;
using BillingPortal.Faults.Work;

namespace BillingPortal.Faults.Planning;

/// <summary>Draws the next operation: mostly usage, some messages and calls, now and then money and numbers.</summary>
internal sealed class OperationMix(Random random)
{
    private const int FatedMax = 600;

    private readonly Dictionary<int, List<UsageItem>> _reported = [];
    private int _count;

    public IOperation Next(int customer)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"op-{++_count}-{random.Next():x8}");
        return random.Next(100) switch
        {
            < 34 => new UsageOperation(key, Usage(customer)),
            < 44 => new BatchOperation(key, [.. Enumerable.Range(0, random.Next(2, 20)).Select(_ => Usage(customer))]),
            < 66 => new SmsOperation(key, Handset(), random.Next(12) == 0),
            < 80 => new HoldOperation(
                key, random.Next(1, 5), random.Next(0, 6), TimeSpan.FromSeconds(random.Next(0, 4)), random.Next(10) == 0),
            < 90 => new PurchaseOperation(key, random.Next(5, 31)),
            < 95 => new RefundOperation(key, random.Next(), random.Next(1, 4)),
            _ => new NumberOperation(
                key, random.Next(), TimeSpan.FromSeconds(random.Next(2, 20)), random.Next(2) == 0),
        };
    }

    // One in six is told again, by a new request; times lie up to three days back, in no order.
    private UsageItem Usage(int customer)
    {
        if (!_reported.TryGetValue(customer, out var reported))
        {
            _reported[customer] = reported = [];
        }

        if (reported.Count > 0 && random.Next(6) == 0)
        {
            return reported[random.Next(reported.Count)];
        }

        var (service, quantity) = random.Next(10) switch
        {
            < 7 => ("email", random.Next(1, 6)),
            < 9 => ("voice", random.Next(1, 4)),
            _ => ("fax", random.Next(1, 3)),
        };
        var item = new UsageItem(service, quantity, $"ref-{_count}-{reported.Count}", TimeSpan.FromMinutes(random.Next(3 * 24 * 60)));
        reported.Add(item);
        return item;
    }

    // Every message goes to a number of its own: what arrives there twice was sent twice.
    // The sandbox lets messages to some endings fail: those give the price back.
    private string Handset() => random.Next(15) == 0 && _count < FatedMax
        ? string.Create(CultureInfo.InvariantCulture, $"+1628{300 + _count}{21 + random.Next(6):0000}")
        : string.Create(CultureInfo.InvariantCulture, $"+1628{2_000_000 + ((_count / 9000 * 10_000) + 100 + (_count % 9000))}");
}
