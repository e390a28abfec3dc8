using System.Globalization;

namespace BillingPortal.Benchmarks;

/// <summary>What to measure of the intake of webhooks, from the command line.</summary>
internal sealed record WebhookBenchmarkOptions
{
    public int Rounds { get; init; } = 5;

    public double Seconds { get; init; } = 4;

    public int Callers { get; init; } = 32;

    /// <summary>Tenants whose cards the events are about.</summary>
    public int Tenants { get; init; } = 500;

    /// <summary>One call of so many repeats an event that was sent before.</summary>
    public int RepeatEvery { get; init; } = 10;

    public string? Connection { get; init; }

    /// <exception cref="ArgumentException">An option is not known or has no value.</exception>
    public static WebhookBenchmarkOptions Parse(string[] args)
    {
        var options = new WebhookBenchmarkOptions();
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : throw new ArgumentException($"{args[i]} needs a value.");
            options = args[i] switch
            {
                "--rounds" => options with { Rounds = Number(value) },
                "--seconds" => options with { Seconds = double.Parse(value, CultureInfo.InvariantCulture) },
                "--callers" => options with { Callers = Number(value) },
                "--tenants" => options with { Tenants = Number(value) },
                "--repeat-every" => options with { RepeatEvery = Number(value) },
                "--connection" => options with { Connection = value },
                _ => throw new ArgumentException($"{args[i]} is not an option."),
            };
        }

        return options;
    }

    private static int Number(string value) => int.Parse(value, CultureInfo.InvariantCulture);
}
