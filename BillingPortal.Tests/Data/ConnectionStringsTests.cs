using BillingPortal.Data;
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
