using System.Diagnostics;

namespace BillingPortal.Faults;

/// <summary>The driver's own lines on the console, each with the seconds since the start.</summary>
internal static class Log
{
    private static readonly Stopwatch Clock = Stopwatch.StartNew();

    public static void Line(string text) => Console.WriteLine(FormattableString.Invariant($"{Clock.Elapsed.TotalSeconds,7:0.0}  {text}"));
}
