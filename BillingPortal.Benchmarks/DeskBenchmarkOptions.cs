using System.Globalization;

namespace BillingPortal.Benchmarks;

/// <summary>How large a platform to measure the support desk on, from the command line.</summary>
internal sealed record DeskBenchmarkOptions
{
    public int Tenants { get; init; } = 100_000;

    public long Entries { get; init; } = 5_000_000;

    /// <summary>Timed requests of each page.</summary>
    public int Requests { get; init; } = 40;

    /// <summary>Only pages whose name contains it.</summary>
    public string? Only { get; init; }

    public string? Connection { get; init; }

    /// <exception cref="ArgumentException">An option is not known or has no value.</exception>
    public static DeskBenchmarkOptions Parse(string[] args)
    {
        var options = new DeskBenchmarkOptions();
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : throw new ArgumentException($"{args[i]} needs a value.");
            options = args[i] switch
            {
                "--tenants" => options with { Tenants = int.Parse(value, CultureInfo.InvariantCulture) },
                "--entries" => options with { Entries = long.Parse(value, CultureInfo.InvariantCulture) },
                "--requests" => options with { Requests = int.Parse(value, CultureInfo.InvariantCulture) },
                "--only" => options with { Only = value },
                "--connection" => options with { Connection = value },
                _ => throw new ArgumentException($"{args[i]} is not an option."),
            };
        }

        return options;
    }
}
