using System.Globalization;

namespace BillingPortal.Benchmarks;

/// <summary>What to measure, from the command line. The defaults are those of the tables in docs/performance.md.</summary>
internal sealed record LedgerBenchmarkOptions
{
    public int Rounds { get; init; } = 7;

    public double Seconds { get; init; } = 1;

    public int Tenants { get; init; } = 100_000;

    public string[] Workloads { get; init; } = ["spread", "zipf", "hot"];

    /// <summary>One by one in this order; the quiet caller last, when the pages have been written since the checkpoint.</summary>
    public int[] Callers { get; init; } = [256, 1];

    public string[] Modes { get; init; } = ["limit", "baseline", "field", "orm", "ours", "ours-text-keys", "floor"];

    public string? Connection { get; init; }

    /// <exception cref="ArgumentException">An option is not known or has no value.</exception>
    public static LedgerBenchmarkOptions Parse(string[] args)
    {
        var options = new LedgerBenchmarkOptions();
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : throw new ArgumentException($"{args[i]} needs a value.");
            options = args[i] switch
            {
                "--rounds" => options with { Rounds = Number(value) },
                "--seconds" => options with { Seconds = double.Parse(value, CultureInfo.InvariantCulture) },
                "--tenants" => options with { Tenants = Number(value) },
                "--workloads" => options with { Workloads = value.Split(',') },
                "--callers" => options with { Callers = [.. value.Split(',').Select(Number)] },
                "--modes" => options with { Modes = value.Split(',') },
                "--connection" => options with { Connection = value },
                _ => throw new ArgumentException($"{args[i]} is not an option."),
            };
        }

        return options;
    }

    private static int Number(string value) => int.Parse(value, CultureInfo.InvariantCulture);
}
