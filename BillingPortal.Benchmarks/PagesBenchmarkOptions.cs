using System.Globalization;

namespace BillingPortal.Benchmarks;

/// <summary>How many pages stay open, and how often each is loaded, from the command line.</summary>
internal sealed record PagesBenchmarkOptions
{
    /// <summary>Open circuits for the second half of the measurements.</summary>
    public int Circuits { get; init; } = 200;

    /// <summary>Timed loads of each page.</summary>
    public int Loads { get; init; } = 20;

    /// <summary>Cold starts.</summary>
    public int Starts { get; init; } = 5;

    /// <exception cref="ArgumentException">An option is not known or has no value.</exception>
    public static PagesBenchmarkOptions Parse(string[] args)
    {
        var options = new PagesBenchmarkOptions();
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : throw new ArgumentException($"{args[i]} needs a value.");
            var number = int.Parse(value, CultureInfo.InvariantCulture);
            options = args[i] switch
            {
                "--circuits" => options with { Circuits = number },
                "--loads" => options with { Loads = number },
                "--starts" => options with { Starts = number },
                _ => throw new ArgumentException($"{args[i]} is not an option."),
            };
        }

        return options;
    }
}
