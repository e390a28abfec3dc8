using System.Globalization;
using BillingPortal.Faults.Kinds;

namespace BillingPortal.Faults;

/// <summary>What the command line asks for.</summary>
internal sealed record FaultOptions
{
    private const string Usage = "usage: [--seed n] [--minutes 2] [--only kind,kind] [--portals 1|2] [--keep]";

    public int Seed { get; init; }

    public double Minutes { get; init; } = 2;

    public int Portals { get; init; } = 1;

    /// <summary>Names of kinds; null for all.</summary>
    public IReadOnlyList<string>? Only { get; init; }

    public bool Keep { get; init; }

    /// <exception cref="ArgumentException">Says what is wrong and what there is.</exception>
    public static FaultOptions Parse(string[] args)
    {
        var options = new FaultOptions { Seed = Random.Shared.Next(1, 1_000_000) };
        for (var i = 0; i < args.Length; i++)
        {
            options = args[i] switch
            {
                "--keep" => options with { Keep = true },
                "--seed" => options with { Seed = int.Parse(Value(args, ++i), CultureInfo.InvariantCulture) },
                "--minutes" => options with { Minutes = double.Parse(Value(args, ++i), CultureInfo.InvariantCulture) },
                "--portals" => options with { Portals = int.Parse(Value(args, ++i), CultureInfo.InvariantCulture) },
                "--only" => options with { Only = Kinds(Value(args, ++i)) },
                _ => throw new ArgumentException($"There is no option {args[i]}. {Usage}"),
            };
        }

        return options is { Minutes: > 0 and <= 600, Portals: >= 1 and <= 2 } ? options : throw new ArgumentException(Usage);
    }

    private static string Value(string[] args, int index) =>
        index < args.Length ? args[index] : throw new ArgumentException(Usage);

    private static string[] Kinds(string list)
    {
        var names = list == "none" ? [] : list.Split(',', StringSplitOptions.TrimEntries);
        var unknown = names.Except(FaultKinds.All.Select(kind => kind.Name)).ToList();
        return unknown.Count == 0 ? names : throw new ArgumentException(
            $"There is no kind {unknown[0]}. Kinds: {string.Join(", ", FaultKinds.All.Select(kind => kind.Name))}.");
    }
}
