using System.Globalization;

namespace BillingPortal.Benchmarks;

/// <summary>What to measure of the rent job, from the command line.</summary>
internal sealed record RentBenchmarkOptions
{
    public int Rounds { get; init; } = 3;

    /// <summary>Numbers that the job bills in a round.</summary>
    public int Numbers { get; init; } = 100_000;

    /// <summary>Numbers that are billed one transaction each in a round.</summary>
    public int Singles { get; init; } = 2_000;

    public int Tenants { get; init; } = 100_000;

    public string? Connection { get; init; }

    /// <exception cref="ArgumentException">An option is not known or has no value.</exception>
    public static RentBenchmarkOptions Parse(string[] args)
    {
        var options = new RentBenchmarkOptions();
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : throw new ArgumentException($"{args[i]} needs a value.");
            options = args[i] switch
            {
                "--rounds" => options with { Rounds = Number(value) },
                "--numbers" => options with { Numbers = Number(value) },
                "--singles" => options with { Singles = Number(value) },
                "--tenants" => options with { Tenants = Number(value) },
                "--connection" => options with { Connection = value },
                _ => throw new ArgumentException($"{args[i]} is not an option."),
            };
        }

        return options;
    }

    private static int Number(string value) => int.Parse(value, CultureInfo.InvariantCulture);
}
