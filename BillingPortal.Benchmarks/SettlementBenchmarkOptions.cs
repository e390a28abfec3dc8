using System.Globalization;

namespace BillingPortal.Benchmarks;

/// <summary>What to measure of the monthly settlement, from the command line.</summary>
internal sealed record SettlementBenchmarkOptions
{
    public int Rounds { get; init; } = 3;

    /// <summary>Tenants that the job settles in a round.</summary>
    public int Tenants { get; init; } = 100_000;

    /// <summary>Tenants that are settled one transaction each in a round.</summary>
    public int Singles { get; init; } = 2_000;

    /// <summary>Uses reserved with each tenant's month.</summary>
    public int Uses { get; init; } = 5;

    public string? Connection { get; init; }

    /// <exception cref="ArgumentException">An option is not known or has no value.</exception>
    public static SettlementBenchmarkOptions Parse(string[] args)
    {
        var options = new SettlementBenchmarkOptions();
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : throw new ArgumentException($"{args[i]} needs a value.");
            options = args[i] switch
            {
                "--rounds" => options with { Rounds = Number(value) },
                "--tenants" => options with { Tenants = Number(value) },
                "--singles" => options with { Singles = Number(value) },
                "--uses" => options with { Uses = Number(value) },
                "--connection" => options with { Connection = value },
                _ => throw new ArgumentException($"{args[i]} is not an option."),
            };
        }

        return options;
    }

    private static int Number(string value) => int.Parse(value, CultureInfo.InvariantCulture);
}
