using System.Diagnostics;
using BillingPortal.Data;
using BillingPortal.Providers.Sandbox;
using BillingPortal.Tenants;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Demo;

/// <summary>
/// Fills an empty sandbox with made-up tenants that have a past. Everything goes through the services that everybody uses, on the
/// sandbox's clock, which it moves back for a few seconds and puts right again. Does nothing where there are tenants.
/// </summary>
public sealed partial class DemoData(
    Database database, DemoTenants tenants, DemoHistory history, SandboxClockClient clock, TimeProvider time, DemoOptions options,
    ILogger<DemoData> logger)
{
    private static readonly TimeSpan BackwardsMax = TimeSpan.FromHours(1);

    /// <summary>True when it made the demo. Call before the portal listens and before its background work begins.</summary>
    public async Task<bool> SeedAsync(CancellationToken cancellationToken = default)
    {
        if (!options.Seed || !await IsSandboxThereAsync(cancellationToken))
        {
            return false;
        }

        // One at a time: a second portal that starts on the same database waits here, then finds the tenants.
        await using var guard = await database.BeginOpsAsync(cancellationToken);
        await using var wait = guard.Command("SELECT pg_advisory_xact_lock(hashtext('billing-portal-demo'))");
        await wait.ExecuteNonQueryAsync(cancellationToken);
        await PutClockRightAsync(cancellationToken);
        if (await guard.Db.Set<Tenant>().AnyAsync(cancellationToken))
        {
            return false;
        }

        var started = Stopwatch.GetTimestamp();
        var offset = Offset;
        try
        {
            await SeedAsync(time.GetUtcNow(), cancellationToken);
        }
        finally
        {
            await RestoreClockAsync(offset);
        }

        LogSeeded(logger, options.Days, Stopwatch.GetElapsedTime(started).TotalSeconds);
        return true;
    }

    private TimeSpan Offset => time.GetUtcNow() - TimeProvider.System.GetUtcNow();

    private async Task SeedAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var from = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).AddDays(-options.Days);
        await clock.SetAsync(from, cancellationToken);
        await tenants.CreateStaffAsync(cancellationToken);
        DemoTenant[] everybody =
            [await tenants.CreateAcmeAsync(cancellationToken), await tenants.CreateBoltAsync(cancellationToken)];
        await history.LiveAsync(everybody, from, now, cancellationToken);
    }

    private async Task<bool> IsSandboxThereAsync(CancellationToken cancellationToken)
    {
        try
        {
            await clock.ReadAsync(cancellationToken);
            return true;
        }
        catch (HttpRequestException)
        {
            LogNoSandbox(logger);
            return false;
        }
    }

    // People move the clock forwards. One that is far behind was left there by a portal that died in the middle of this.
    private async Task PutClockRightAsync(CancellationToken cancellationToken)
    {
        if (Offset < -BackwardsMax)
        {
            LogClockBehind(logger);
            await clock.ResetAsync(cancellationToken);
        }
    }

    private Task RestoreClockAsync(TimeSpan offset) => offset.Duration() < TimeSpan.FromSeconds(1)
        ? clock.ResetAsync(CancellationToken.None)
        : clock.SetAsync(TimeProvider.System.GetUtcNow() + offset, CancellationToken.None);

    [LoggerMessage(LogLevel.Information, "Demo data made: two tenants with {Days} days of history, in {Seconds:0.0} s")]
    private static partial void LogSeeded(ILogger logger, int days, double seconds);

    [LoggerMessage(LogLevel.Warning,
        "No demo data: the sandbox does not answer. Start it with ./run, or set Sandbox:Url to its address, and start again")]
    private static partial void LogNoSandbox(ILogger logger);

    [LoggerMessage(LogLevel.Warning,
        "The sandbox's clock was left in the past by a start that was interrupted; it is put right. If the demo is incomplete: "
        + "./run --reset")]
    private static partial void LogClockBehind(ILogger logger);
}
