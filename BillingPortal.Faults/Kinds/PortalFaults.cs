using BillingPortal.Faults.Scene;

namespace BillingPortal.Faults.Kinds;

/// <summary>kill -9 of a portal; it is started again a moment later.</summary>
internal sealed class PortalKill : IFault
{
    public string Name => "portal-kill";

    public async Task<string> StrikeAsync(World world, Random random)
    {
        var portal = random.Next(world.Portals);
        await world.Portal(portal).KillAsync();
        await Task.Delay(random.Next(2000));
        await world.StartPortalAsync(portal);
        return $"portal {portal} killed with SIGKILL and started again";
    }
}

/// <summary>SIGTERM to a portal, as an update does it; it must end by itself.</summary>
internal sealed class PortalStop : IFault
{
    public string Name => "portal-stop";

    public async Task<string> StrikeAsync(World world, Random random)
    {
        var portal = random.Next(world.Portals);
        var code = await world.Portal(portal).TerminateAsync(TimeSpan.FromMinutes(2));
        await world.StartPortalAsync(portal);
        return $"portal {portal} stopped with SIGTERM (exit code {code}) and started again";
    }
}

/// <summary>A portal that stands still for some seconds, with its locks, leases and connections.</summary>
internal sealed class PortalPause : IFault
{
    public string Name => "portal-pause";

    public async Task<string> StrikeAsync(World world, Random random)
    {
        var (portal, milliseconds) = (random.Next(world.Portals), random.Next(3000, 7000));
        world.Portal(portal).Process.Pause();
        await Task.Delay(milliseconds);
        world.Portal(portal).Process.Resume();
        return $"portal {portal} paused for {milliseconds} ms";
    }
}
