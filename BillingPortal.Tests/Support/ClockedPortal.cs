namespace BillingPortal.Tests.Support;

/// <summary>
/// A portal and a sandbox of their own, so that a test may move the clock by hours and months without anybody else
/// noticing. One for all classes of its collection, which run one after the other.
/// </summary>
public sealed class ClockedPortal : PortalFixture
{
    public const string Collection = "Portal with a clock of its own";

    protected override Task<Running> RunningAsync() => StartAsync();

    protected override async ValueTask StopAsync(Running running)
    {
        await running.Portal.DisposeAsync();
        await running.Sandbox.DisposeAsync();
    }
}

/// <summary>Names the collection.</summary>
[CollectionDefinition(ClockedPortal.Collection)]
public sealed class ClockedPortalDefinition : ICollectionFixture<ClockedPortal>;
