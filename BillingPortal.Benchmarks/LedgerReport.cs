namespace BillingPortal.Benchmarks;

/// <summary>All rounds of one workload: each what every mode did, one after the other.</summary>
internal sealed record LedgerRounds(string Workload, List<Dictionary<string, Measurement>> Rounds)
{
    public IEnumerable<string> Modes => Rounds[0].Keys;

    public bool Has(string mode) => Rounds[0].ContainsKey(mode);

    public double Median(string mode, Func<Measurement, double> figure) => Ratio.Of(Rounds.Select(round => figure(round[mode]))).Median;

    /// <summary>Ours against that mode, round by round; null when one of them was not measured.</summary>
    public Ratio? OursTo(string mode, Func<Measurement, double> figure) => !Has("ours") || !Has(mode) ? null
        : Ratio.Of(Rounds.Select(round => figure(round["ours"]) / figure(round[mode])));
}

/// <summary>A figure of several rounds.</summary>
internal sealed record Ratio(double Median, double Least, double Most)
{
    public static Ratio Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return new Ratio(sorted[sorted.Count / 2], sorted[0], sorted[^1]);
    }
}

/// <summary>Prints the ledger's figures as the tables of docs/performance.md.</summary>
internal static class LedgerReport
{
    private const int GoalCallers = 256;

    private static readonly Dictionary<(string Against, string Workload), double> Goals = new()
    {
        [("limit", "spread")] = 6.5,
        [("limit", "zipf")] = 8,
        [("limit", "hot")] = 14,
        [("field", "spread")] = 7,
        [("field", "hot")] = 50,
        [("orm", "spread")] = 40,
        [("floor", "spread")] = 0.85,
        [(Tail, "spread")] = 0.17,
    };

    private const string Tail = "p99, ours ÷ baseline";
    private const double QuietGoal = 0.95;

    public static void Write(int callers, IReadOnlyList<LedgerRounds> results)
    {
        Console.WriteLine(callers == 1 ? "\nOne caller alone:\n" : $"\n{callers} callers, {results[0].Rounds.Count} rounds:\n");
        if (results[0].Has("ours"))
        {
            WriteRatios(callers, results);
        }

        foreach (var result in results)
        {
            WriteFigures(callers, result);
        }
    }

    private static void WriteRatios(int callers, IReadOnlyList<LedgerRounds> results)
    {
        Console.WriteLine($"| ours against | {string.Join(" | ", results.Select(result => Title(result.Workload)))} | goal |");
        Console.WriteLine($"| --- |{string.Concat(results.Select(_ => " --- |"))} --- |");
        foreach (var against in (string[])["limit", "baseline", "field", "orm", "ours-text-keys", "floor"])
        {
            if (results.Any(result => result.Has(against)))
            {
                WriteRow(callers, against, results, result => result.OursTo(against, figures => figures.PerSecond), "×");
            }
        }

        if (callers > 1 && results[0].Has("baseline"))
        {
            WriteRow(callers, Tail, results, result => result.OursTo("baseline", figures => figures.P99Ms), "");
        }
    }

    private static void WriteRow(
        int callers, string against, IReadOnlyList<LedgerRounds> results, Func<LedgerRounds, Ratio?> ratioOf, string sign)
    {
        var cells = new List<string>();
        var verdicts = new List<string>();
        foreach (var result in results)
        {
            var ratio = ratioOf(result);
            cells.Add(ratio is null ? "–" : $"**{Short(ratio.Median)}{sign}** ({Short(ratio.Least)}–{Short(ratio.Most)})");
            if (ratio is not null && GoalOf(callers, against, result.Workload) is { } goal)
            {
                var isReached = against == Tail ? ratio.Median <= goal : ratio.Median >= goal;
                verdicts.Add($"{Title(result.Workload)} {Short(goal)}{sign} {(isReached ? "reached" : "not reached")}");
            }
        }

        Console.WriteLine($"| {against} | {string.Join(" | ", cells)} | {string.Join(", ", verdicts)} |");
    }

    private static double? GoalOf(int callers, string against, string workload) => callers switch
    {
        1 when against == "baseline" => QuietGoal,
        GoalCallers when Goals.TryGetValue((against, workload), out var goal) => goal,
        _ => null,
    };

    private static void WriteFigures(int callers, LedgerRounds result)
    {
        var modes = result.Modes.ToList();
        Console.WriteLine($"\n| per debit, {Title(result.Workload)}, {(callers == 1 ? "1 caller" : $"{callers} callers")} | "
            + $"{string.Join(" | ", modes)} |");
        Console.WriteLine($"| --- |{string.Concat(modes.Select(_ => " --- |"))}");
        WriteFigure("debits per second", figures => figures.PerSecond, "N0");
        WriteFigure("p50, ms", figures => figures.P50Ms, "0.00");
        WriteFigure("p99, ms", figures => figures.P99Ms, "0.0");
        WriteFigure("debits per commit", figures => figures.Batch, "0.#");
        WriteFigure("client CPU, µs", figures => figures.ClientCpuMicros, "0");
        WriteFigure("fsyncs", figures => figures.Syncs, "0.000");
        WriteFigure("WAL, bytes", figures => figures.WalBytes, "0");

        void WriteFigure(string name, Func<Measurement, double> figure, string format) => Console.WriteLine(
            $"| {name} | {string.Join(" | ", modes.Select(mode => result.Median(mode, figure).ToString(format, null)))} |");
    }

    private static string Title(string workload) => workload == "hot" ? "one hot tenant" : workload;

    private static string Short(double value) => value.ToString(value < 2 ? "0.00" : value < 20 ? "0.0" : "0", null);
}
