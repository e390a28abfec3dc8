namespace BillingPortal.Benchmarks;

/// <summary>Which tenant the next debit is for: all alike, few much more than others, or one alone.</summary>
internal sealed class Workload
{
    private const double ZipfExponent = 1.0;
    private const int Draws = 1 << 20;
    private readonly Guid[] _draws;

    public Workload(string name, Guid[] tenants)
    {
        Name = name;
        var random = new Random(42);
        _draws = name switch
        {
            "hot" => [tenants[0]],
            "spread" => [.. Enumerable.Range(0, Draws).Select(_ => tenants[random.Next(tenants.Length)])],
            "zipf" => Zipf(tenants, random),
            _ => throw new ArgumentException($"{name} is not a workload: spread, zipf or hot."),
        };
    }

    public string Name { get; }

    public Guid Pick(long number) => _draws[number & (_draws.Length - 1)];

    private static Guid[] Zipf(Guid[] tenants, Random random)
    {
        var cumulated = new double[tenants.Length];
        var sum = 0.0;
        for (var i = 0; i < tenants.Length; i++)
        {
            cumulated[i] = sum += 1 / Math.Pow(i + 1, ZipfExponent);
        }

        return [.. Enumerable.Range(0, Draws).Select(_ =>
        {
            var index = Array.BinarySearch(cumulated, random.NextDouble() * sum);
            return tenants[Math.Min(index < 0 ? ~index : index, tenants.Length - 1)];
        })];
    }
}
