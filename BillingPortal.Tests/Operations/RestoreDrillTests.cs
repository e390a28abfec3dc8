using BillingPortal.Processes.Restore;

namespace BillingPortal.Tests.Operations;

/// <summary>A small version of <c>build/restore-drill.sh</c>, with real servers, processes and PostgreSQL's own programs.</summary>
public sealed class RestoreDrillTests
{
    [Fact]
    public async Task What_was_archived_before_the_disk_was_lost_is_there_after_the_restore()
    {
        var steps = new List<string>();

        var report = await new RestoreDrill(new DrillOptions(Seconds: 2, Callers: 4, ArchiveSeconds: 1), steps.Add).RunAsync();

        Assert.True(report.IsGood, $"{string.Join('\n', steps)}\n{report}");
        Assert.True(report.Archived > 0 && report.Acknowledged > report.Archived && report.Charged > 0, $"{report}");
    }
}
