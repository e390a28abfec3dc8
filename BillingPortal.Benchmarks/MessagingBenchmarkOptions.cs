using System.Globalization;

namespace BillingPortal.Benchmarks;

/// <summary>What to measure of messaging, from the command line. The defaults are those of the figures in the README.</summary>
internal sealed record MessagingBenchmarkOptions
{
    public int Rounds { get; init; } = 5;

    public double Seconds { get; init; } = 4;

    public int WarmSends { get; init; } = 4_000;

    public int[] Tenants { get; init; } = [50, 1];

    public int Callers { get; init; } = 32;

    public string[] Modes { get; init; } = ["provider", "books", "sends", "whole"];

    public string? Connection { get; init; }

    /// <exception cref="ArgumentException">An option is not known or has no value.</exception>
    public static MessagingBenchmarkOptions Parse(string[] args)
    {
        var options = new MessagingBenchmarkOptions();
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : throw new ArgumentException($"{args[i]} needs a value.");
            options = args[i] switch
            {
                "--rounds" => options with { Rounds = Number(value) },
                "--seconds" => options with { Seconds = double.Parse(value, CultureInfo.InvariantCulture) },
                "--warm" => options with { WarmSends = Number(value) },
                "--tenants" => options with { Tenants = [.. value.Split(',').Select(Number)] },
                "--callers" => options with { Callers = Number(value) },
                "--modes" => options with { Modes = value.Split(',') },
                "--connection" => options with { Connection = value },
                _ => throw new ArgumentException($"{args[i]} is not an option."),
            };
        }

        return options;
    }

    private static int Number(string value) => int.Parse(value, CultureInfo.InvariantCulture);
}
