using System.Globalization;

namespace BillingPortal.Benchmarks;

/// <summary>What to measure of auto-recharge, from the command line.</summary>
internal sealed record RechargeBenchmarkOptions
{
    public int Rounds { get; init; } = 5;

    /// <summary>Tenants with a rule among whom the due ones are found, growing.</summary>
    public int[] Tenants { get; init; } = [10_000, 100_000, 1_000_000];

    /// <summary>Crossings one after the other.</summary>
    public int Singles { get; init; } = 200;

    /// <summary>Tenants that cross at once.</summary>
    public int Burst { get; init; } = 1_000;

    public string? Connection { get; init; }

    /// <exception cref="ArgumentException">An option is not known or has no value.</exception>
    public static RechargeBenchmarkOptions Parse(string[] args)
    {
        var options = new RechargeBenchmarkOptions();
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : throw new ArgumentException($"{args[i]} needs a value.");
            options = args[i] switch
            {
                "--rounds" => options with { Rounds = Number(value) },
                "--tenants" => options with { Tenants = value == "0" ? [] : [.. value.Split(',').Select(Number)] },
                "--singles" => options with { Singles = Number(value) },
                "--burst" => options with { Burst = Number(value) },
                "--connection" => options with { Connection = value },
                _ => throw new ArgumentException($"{args[i]} is not an option."),
            };
        }

        return options;
    }

    private static int Number(string value) => int.Parse(value, CultureInfo.InvariantCulture);
}
