using BillingPortal.Faults.Scene;

namespace BillingPortal.Faults.Kinds;

/// <summary>A kind of fault. It strikes, and where something must be put right again it does that too before it returns.</summary>
internal interface IFault
{
    string Name { get; }

    /// <summary>Why this machine cannot do it; null when it can.</summary>
    string? RefusalOn(World world) => null;

    /// <returns>What it did, for the log.</returns>
    Task<string> StrikeAsync(World world, Random random);
}

/// <summary>All kinds.</summary>
internal static class FaultKinds
{
    public static IReadOnlyList<IFault> All { get; } =
    [
        new PortalKill(),
        new PortalStop(),
        new PortalPause(),
        new DatabaseKill(),
        new DatabaseRestart(),
        new DatabasePause(),
        new ConnectionsTerminated(),
        new ConnectionsCut(),
        new ConnectionsSlow(),
        new DiskFull(),
        new ProviderFault("error", "500 before anything ran"),
        new ProviderFault("error_after", "500 after it took effect"),
        new ProviderFault("rate_limit", "429"),
        new ProviderFault("timeout_after", "took effect, then no answer"),
        new ProviderFault("disconnect", "connection cut before anything ran"),
        new ProviderFault("slow", "slow"),
        new WebhookFault("drop"),
        new WebhookFault("duplicate"),
        new WebhookFault("twin"),
        new WebhookFault("delay"),
        new WebhookFault("reorder"),
        new ClockJump(),
        new ClockMonthEnd(),
    ];
}
