using System.Diagnostics;
using System.Globalization;

namespace BillingPortal.Benchmarks;

/// <summary>Processor time of this program, of another one and of the PostgreSQL that is measured, in seconds (Linux).</summary>
internal sealed record CpuClock(double Own, double Other, double Postgres)
{
    private const double TicksPerSecond = 100; // USER_HZ

    /// <param name="serverId">The server's first process; null: every PostgreSQL of the machine counts.</param>
    public static CpuClock Read(int otherId, int? serverId) => new(
        Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds, Of(otherId), Servers(serverId).Sum(Of));

    public static CpuClock operator -(CpuClock later, CpuClock earlier) =>
        new(later.Own - earlier.Own, later.Other - earlier.Other, later.Postgres - earlier.Postgres);

    private static IEnumerable<int> Servers(int? serverId) =>
        from process in Process.GetProcesses()
        where process.ProcessName.StartsWith("postgres", StringComparison.Ordinal)
        where serverId is null || process.Id == serverId || Fields(process.Id) is { } fields && fields[1] == $"{serverId}"
        select process.Id;

    private static double Of(int id) => Fields(id) is { } fields
        ? (double.Parse(fields[11], CultureInfo.InvariantCulture)
            + double.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond
        : 0;

    // What follows the name in /proc/…/stat: state, parent …
    private static string[]? Fields(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/stat").Split(") ")[^1].Split(' ');
        }
        catch (IOException)
        {
            return null; // it has just ended
        }
    }
}
