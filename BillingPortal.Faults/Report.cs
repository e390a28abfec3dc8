using System.Globalization;
using BillingPortal.Faults.Checks;
using BillingPortal.Faults.Work;

namespace BillingPortal.Faults;

/// <summary>What a run has to say: violations as they are found, and at the end tables in Markdown.</summary>
internal sealed class Report(FaultOptions options)
{
    private readonly SortedDictionary<string, int> _faults = new(StringComparer.Ordinal);
    private readonly List<(string Invariant, long Looked)> _checked = [];

    public List<Violation> Violations { get; } = [];

    /// <summary>Kinds that this machine cannot do, and why.</summary>
    public SortedDictionary<string, string> LeftOut { get; } = new(StringComparer.Ordinal);

    public TimeSpan Settled { get; set; }

    public void CountFault(string name) => _faults[name] = _faults.GetValueOrDefault(name) + 1;

    public void Checked(string invariant, long looked) => _checked.Add((invariant, looked));

    public void Add(string invariant, string detail)
    {
        Violations.Add(new Violation(invariant, detail));
        Log.Line($"VIOLATION (seed {options.Seed}): {invariant}: {detail}");
    }

    public void Print(Register register, int retries)
    {
        Line("");
        Line("| operation | acknowledged | refused | without a clear answer | not tried |");
        Line("| --- | ---: | ---: | ---: | ---: |");
        foreach (var kind in register.Kinds)
        {
            Line($"| {kind} | {register.CountOf(kind, Ending.Acknowledged)} | {register.CountOf(kind, Ending.Refused)} | "
                + $"{register.CountOf(kind, Ending.Unanswered)} | {register.CountOf(kind, Ending.NotTried)} |");
        }

        Line("");
        Line("| fault | times |");
        Line("| --- | ---: |");
        foreach (var (name, count) in _faults)
        {
            Line($"| {name} | {count} |");
        }

        foreach (var (name, reason) in LeftOut)
        {
            Line($"| {name} | left out: {reason} |");
        }

        Line("");
        Line("| invariant | looked at | violations |");
        Line("| --- | ---: | ---: |");
        foreach (var (invariant, looked) in _checked.Prepend((InFlight.Invariant, 0)))
        {
            Line($"| {invariant} | {(looked == 0 ? "" : looked.ToString(CultureInfo.InvariantCulture))} | "
                + $"{Violations.Count(one => one.Invariant == invariant)} |");
        }

        Line("");
        Line(FormattableString.Invariant($"Seed {options.Seed}, {options.Minutes} minutes, {options.Portals} portal(s): ")
            + $"{_faults.Values.Sum()} faults of {_faults.Count} kinds, "
            + $"{retries} calls repeated, settled after {Settled.TotalSeconds:0} s, {Violations.Count} violations.");
    }

    private static void Line(string text) => Console.WriteLine(text);
}
