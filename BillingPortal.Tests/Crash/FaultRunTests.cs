using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using BillingPortal.Processes;

namespace BillingPortal.Tests.Crash;

/// <summary>Runs with nothing beside it: its processes are as many as a small machine bears.</summary>
[CollectionDefinition("fault run", DisableParallelization = true)]
public sealed class FaultRunAlone;

/// <summary>
/// The fault driver's short run: every kind of fault in two minutes, two portals, the seed of the day; no invariant may break.
/// </summary>
[Collection("fault run")]
public sealed partial class FaultRunTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    [Fact]
    public async Task Two_minutes_of_every_kind_of_fault_break_no_invariant()
    {
        var seed = TimeProvider.System.GetUtcNow().ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        await using var run = RunningProcess.Start(new ProcessStartInfo(
            "dotnet", [Programs.Find("BillingPortal.Faults"), "--seed", seed, "--minutes", "2", "--portals", "2"]));

        var code = await run.WaitForExitAsync(Patience);

        output.WriteLine(run.Output); // names the kinds that this machine cannot do, the full disk without the right to mount
        Assert.True(code == 0, $"Run it again with --seed {seed} --minutes 2 --portals 2 --keep.{Environment.NewLine}{run.Output}");
        Assert.True(Summary().Match(run.Output) is { Success: true } summary
            && int.Parse(summary.Groups[1].Value, CultureInfo.InvariantCulture) >= 22, run.Output);
    }

    [GeneratedRegex(@"faults of (\d+) kinds, .* 0 violations\.")]
    private static partial Regex Summary();
}
