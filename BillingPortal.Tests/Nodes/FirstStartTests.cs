using BillingPortal.Processes;
using BillingPortal.Tests.Support;
using Npgsql;

namespace BillingPortal.Tests.Nodes;

/// <summary>What must be there before the first two nodes start side by side.</summary>
public sealed class FirstStartTests
{
    // Each would make a key of its own otherwise, and refuse the other's cookies for a day.
    [Fact]
    public async Task Migrating_makes_the_first_key_of_the_cookies()
    {
        var connections = await TestPostgres.CreateDatabaseAsync();
        var settings = new Dictionary<string, string> { ["Sandbox__FollowsClock"] = "false" };

        await using var migrate = PortalProcess.RunVerb(connections.Owner, sandbox: null, settings, "migrate");
        Assert.True(await migrate.WaitForExitAsync(TimeSpan.FromSeconds(120)) == 0, migrate.Output);

        await using var owner = NpgsqlDataSource.Create(connections.Owner);
        await using var keys = owner.CreateCommand("SELECT count(*) FROM data_protection_keys");
        Assert.Equal(1L, await keys.ExecuteScalarAsync());
    }
}
