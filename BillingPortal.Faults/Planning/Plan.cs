using BillingPortal.Faults.Kinds;
using BillingPortal.Faults.Work;

namespace BillingPortal.Faults.Planning;

/// <summary>An operation and when it begins.</summary>
internal sealed record PlannedOperation(TimeSpan At, int Customer, IOperation Operation);

/// <summary>A fault and when it strikes, or as soon as the one before it is over; its own seed decides its details.</summary>
internal sealed record PlannedFault(TimeSpan At, IFault Fault, int Seed);

/// <summary>
/// What a run does, from its seed alone: the same seed, duration and kinds give the same operations and faults in the same order.
/// </summary>
internal sealed class Plan
{
    public const int Customers = 6;
    private const double OperationsPerSecond = 6;
    private const double SecondsPerFault = 4.5;

    private Plan(IReadOnlyList<PlannedOperation> operations, IReadOnlyList<PlannedFault> faults)
    {
        (Operations, Faults) = (operations, faults);
    }

    public IReadOnlyList<PlannedOperation> Operations { get; }

    public IReadOnlyList<PlannedFault> Faults { get; }

    public static Plan Of(FaultOptions options)
    {
        var length = TimeSpan.FromMinutes(options.Minutes);
        return new Plan(OperationsOf(options.Seed, length), FaultsOf(options.Seed, length, options.Only));
    }

    private static List<PlannedOperation> OperationsOf(int seed, TimeSpan length)
    {
        var random = new Random(seed);
        var mix = new OperationMix(random);
        List<PlannedOperation> operations = [];
        for (var at = TimeSpan.Zero; at < length; at += TimeSpan.FromSeconds(-Math.Log(1 - random.NextDouble()) / OperationsPerSecond))
        {
            var customer = random.Next(Customers);
            operations.Add(new PlannedOperation(at, customer, mix.Next(customer)));
        }

        return operations;
    }

    // Every kind once in a shuffled round, then the next round, until the time is over; the first round is always whole.
    private static List<PlannedFault> FaultsOf(int seed, TimeSpan length, IReadOnlyList<string>? only)
    {
        var random = new Random(unchecked(seed * 31) + 7);
        var kinds = FaultKinds.All.Where(kind => only?.Contains(kind.Name) != false).ToArray();
        List<PlannedFault> faults = [];
        var rounds = kinds.Length == 0 ? 0 : Math.Max(1, (int)(length.TotalSeconds / SecondsPerFault / kinds.Length));
        for (var round = 0; round < rounds; round++)
        {
            random.Shuffle(kinds);
            foreach (var kind in kinds)
            {
                var place = (faults.Count + (0.8 * random.NextDouble()) + 0.2) / (rounds * kinds.Length);
                faults.Add(new PlannedFault(length * place * 0.95, kind, random.Next()));
            }
        }

        return faults;
    }
}
