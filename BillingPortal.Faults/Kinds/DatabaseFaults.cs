using BillingPortal.Faults.Scene;

namespace BillingPortal.Faults.Kinds;

/// <summary>kill -9 of the whole server; the next start recovers from the log.</summary>
internal sealed class DatabaseKill : IFault
{
    public string Name => "database-kill";

    public async Task<string> StrikeAsync(World world, Random random)
    {
        await world.Server.KillAsync();
        await Task.Delay(random.Next(2000));
        await world.Server.StartAgainAsync(TimeSpan.FromMinutes(2));
        return "database killed with SIGKILL and started again";
    }
}

/// <summary>A fast restart: open transactions are rolled back.</summary>
internal sealed class DatabaseRestart : IFault
{
    public string Name => "database-restart";

    public async Task<string> StrikeAsync(World world, Random random)
    {
        await world.Server.StopAsync();
        await world.Server.StartAgainAsync(TimeSpan.FromMinutes(2));
        return "database restarted (fast)";
    }
}

/// <summary>A server that keeps its connections and answers nobody.</summary>
internal sealed class DatabasePause : IFault
{
    public string Name => "database-pause";

    public async Task<string> StrikeAsync(World world, Random random)
    {
        var milliseconds = random.Next(2000, 5000);
        world.Server.Pause();
        await Task.Delay(milliseconds);
        world.Server.Resume();
        return $"database paused for {milliseconds} ms";
    }
}

/// <summary>The administrator ends every connection of the portals.</summary>
internal sealed class ConnectionsTerminated : IFault
{
    public string Name => "connections-terminated";

    public async Task<string> StrikeAsync(World world, Random random)
    {
        await using var command = world.Books.Ops.CreateCommand(
            """
            SELECT count(*) FILTER (WHERE pg_terminate_backend(pid)) FROM pg_stat_activity
            WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
            """);
        return $"{await command.ExecuteScalarAsync()} connections ended by pg_terminate_backend";
    }
}

/// <summary>The network between portals and database breaks for some seconds.</summary>
internal sealed class ConnectionsCut : IFault
{
    public string Name => "connections-cut";

    public async Task<string> StrikeAsync(World world, Random random)
    {
        var milliseconds = random.Next(500, 4000);
        var cut = world.Network.Cut();
        await Task.Delay(milliseconds);
        world.Network.Heal();
        return $"{cut} connections to the database cut, none let through for {milliseconds} ms";
    }
}

/// <summary>Every packet between portals and database comes late.</summary>
internal sealed class ConnectionsSlow : IFault
{
    public string Name => "connections-slow";

    public async Task<string> StrikeAsync(World world, Random random)
    {
        var (delay, milliseconds) = (random.Next(20, 250), random.Next(2000, 5000));
        world.Network.Delay(delay);
        await Task.Delay(milliseconds);
        world.Network.Heal();
        return $"packets to and from the database {delay} ms late for {milliseconds} ms";
    }
}

/// <summary>The database's disk is full for some seconds; a server that gave up over it is started again.</summary>
internal sealed class DiskFull : IFault
{
    public string Name => "disk-full";

    public string? RefusalOn(World world) => world.Disk.Refusal is { } refusal
        ? $"no file system of limited size may be mounted here ({refusal})"
        : null;

    public async Task<string> StrikeAsync(World world, Random random)
    {
        var milliseconds = random.Next(4000, 8000);
        var bytes = world.Disk.Fill();
        await Task.Delay(milliseconds);
        var died = world.Server.Process.HasExited;
        world.Disk.Free();
        if (!await world.AnswersAsync())
        {
            await world.Server.KillAsync();
            await world.Server.StartAgainAsync(TimeSpan.FromMinutes(2));
            died = true;
        }

        return $"disk of the database full for {milliseconds} ms ({bytes / 1_048_576} MB of ballast)"
            + (died ? "; the server gave up and was started again" : "");
    }
}
