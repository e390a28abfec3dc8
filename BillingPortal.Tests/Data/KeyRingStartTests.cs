using System.Security.Cryptography;
using BillingPortal.Data;
using BillingPortal.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace BillingPortal.Tests.Data;

/// <summary>One start with the wrong keys must not spoil the ring for the right ones.</summary>
public sealed class KeyRingStartTests
{
    private readonly string _right = NewKey();

    [Fact]
    public async Task A_start_with_a_wrong_list_is_refused_in_words_and_adds_nothing_so_that_the_right_list_starts()
    {
        var connections = await TestPostgres.CreateDatabaseAsync();
        var secret = await SealedAsync(connections);
        var ring = await RingAsync(connections);

        for (var restart = 0; restart < 2; restart++)
        {
            await RefusedAsync(() => StartAsync(connections, Environments.Production, NewKey()));
        }

        Assert.Equal(ring, await RingAsync(connections));
        using var host = await StartAsync(connections, Environments.Production, _right);
        Assert.Equal("hello", Protector(host.Services).Unprotect(secret));
        await host.StopAsync();
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    public async Task A_start_without_a_list_is_refused_on_a_sealed_ring_and_adds_nothing(string environment)
    {
        var connections = await TestPostgres.CreateDatabaseAsync();
        await SealedAsync(connections);
        var ring = await RingAsync(connections);

        var words = await RefusedAsync(() => StartAsync(connections, environment));

        Assert.Contains("it is not set here", words, StringComparison.Ordinal);
        Assert.Equal(ring, await RingAsync(connections));
    }

    [Fact]
    public async Task Migrate_refuses_a_wrong_list_and_none_and_adds_nothing()
    {
        var connections = await TestPostgres.CreateDatabaseAsync();
        await SealedAsync(connections);
        var ring = await RingAsync(connections);

        await RefusedAsync(() => MigrateAsync(connections, NewKey()));
        await RefusedAsync(() => MigrateAsync(connections));
        Assert.Equal(ring, await RingAsync(connections));

        Assert.Equal(0, await MigrateAsync(connections, _right));
        Assert.Equal(ring, await RingAsync(connections));
    }

    // Whatever asks first, another verb or a node that ran on while the ring was sealed anew.
    [Fact]
    public async Task A_process_that_was_never_checked_adds_nothing_either()
    {
        var connections = await TestPostgres.CreateDatabaseAsync();
        await SealedAsync(connections);
        var ring = await RingAsync(connections);

        using var host = Host(connections, Environments.Production, NewKey());
        await RefusedAsync(() => Task.FromResult(Protector(host.Services).Protect("hello")));
        Assert.Equal(ring, await RingAsync(connections));
    }

    private static async Task<string> RefusedAsync<T>(Func<Task<T>> start)
    {
        var words = StartFailure.Explain(await Assert.ThrowsAsync<KeyRingClosedException>(start));
        Assert.NotNull(words);
        Assert.Contains(KeyRingCipher.Section, words, StringComparison.Ordinal);
        Assert.Contains("docs/security.md", words, StringComparison.Ordinal);
        return words;
    }

    // A first start with the right list, which makes the first key.
    private async Task<string> SealedAsync(ConnectionStrings connections)
    {
        using var host = await StartAsync(connections, Environments.Production, _right);
        var secret = Protector(host.Services).Protect("hello");
        await host.StopAsync();
        return secret;
    }

    private static async Task<IHost> StartAsync(ConnectionStrings connections, string environment, params string[] keys)
    {
        var host = Host(connections, environment, keys);
        try
        {
            await host.StartAsync();
            return host;
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    private static IHost Host(ConnectionStrings connections, string environment, params string[] keys)
    {
        var builder = new HostApplicationBuilder(
            new HostApplicationBuilderSettings { DisableDefaults = true, EnvironmentName = environment });
        Add(builder, connections, keys);
        return builder.Build();
    }

    private static async Task<int> MigrateAsync(ConnectionStrings connections, params string[] keys)
    {
        var builder = WebApplication.CreateSlimBuilder();
        Add(builder, connections, keys);
        await using var app = builder.Build();
        return await CommandLine.RunAsync(app, ["migrate"]);
    }

    private static void Add(IHostApplicationBuilder builder, ConnectionStrings connections, string[] keys)
    {
        builder.Configuration.AddInMemoryCollection(
            keys.Select((key, i) => KeyValuePair.Create($"{KeyRingCipher.Section}:{i}", (string?)key)));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddData(connections);
    }

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private static IDataProtector Protector(IServiceProvider services) =>
        services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test");

    private static async Task<string> RingAsync(ConnectionStrings connections)
    {
        await using var database = new Database(connections);
        await using var command = database.Ops.CreateCommand("SELECT string_agg(xml, '' ORDER BY id) FROM data_protection_keys");
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
