using BillingPortal.Data;
using BillingPortal.Tests.House;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting.Internal;
using Npgsql;

namespace BillingPortal.Tests.Data;

/// <summary>What an operator configures, and what the portal makes of it.</summary>
public sealed class ConnectionStringsTests
{
    [Fact]
    public void Of_several_hosts_every_role_means_the_primary()
    {
        var connections = ConnectionStrings.FromOwner("Host=a,b;Database=billing;Username=owner;Password=secret");

        Assert.All(
            new[] { connections.Owner, connections.App, connections.Ops },
            text => Assert.Equal("primary", new NpgsqlConnectionStringBuilder(text).TargetSessionAttributes));
    }

    // Whoever opens a connection another way does not follow the primary.
    [Fact]
    public void Only_the_room_Data_makes_connections()
    {
        var others = SourceTree.Files("BillingPortal", "*.cs")
            .Where(file => !SourceTree.Relative(file).StartsWith("BillingPortal/Data/", StringComparison.Ordinal))
            .Where(file => File.ReadAllText(file) is var text
                && (text.Contains("NpgsqlDataSource.Create", StringComparison.Ordinal)
                    || text.Contains("new NpgsqlConnection(", StringComparison.Ordinal)
                    || text.Contains("new NpgsqlDataSourceBuilder", StringComparison.Ordinal)))
            .Select(SourceTree.Relative);

        Assert.Empty(others);
    }

    [Fact]
    public void One_host_is_taken_as_it_is()
    {
        var connections = ConnectionStrings.FromOwner("Host=a;Database=billing;Username=owner;Password=secret");

        Assert.Null(new NpgsqlConnectionStringBuilder(connections.Ops).TargetSessionAttributes);
    }

    // A pooled connection that is not reset would carry one tenant's session into the next one's.
    [Fact]
    public async Task The_two_further_strings_are_made_safe_like_the_first()
    {
        const string Unsafe = "Host=a,b;Database=billing;Username=x;Password=y;No Reset On Close=true;Multiplexing=true";
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:BillingPortal"] = Unsafe,
            ["ConnectionStrings:BillingPortalApp"] = Unsafe,
            ["ConnectionStrings:BillingPortalOps"] = Unsafe,
        }).Build();

        await using var postgres = await EmbeddedPostgres.AttachAsync(configuration, new HostingEnvironment());

        foreach (var text in new[] { postgres.Connections.Owner, postgres.Connections.App, postgres.Connections.Ops })
        {
            var settings = new NpgsqlConnectionStringBuilder(text);
            Assert.False(settings.NoResetOnClose);
            Assert.False(settings.Multiplexing);
            Assert.Equal("primary", settings.TargetSessionAttributes);
            Assert.Equal(ConnectionStrings.OwnName, settings.ApplicationName);
        }
    }
}
