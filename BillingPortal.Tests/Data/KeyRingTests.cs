using System.Security.Cryptography;
using BillingPortal.Data;
using BillingPortal.Tests.Support;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;

namespace BillingPortal.Tests.Data;

/// <summary>Cookies must survive a restart and be readable by every process.</summary>
public sealed class KeyRingTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task What_one_process_protects_another_can_read()
    {
        await using var one = Process();
        await using var two = Process();
        var secret = one.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Protect("hello");

        Assert.Equal("hello",
            two.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Unprotect(secret));
        await using var count = postgres.Database.Ops.CreateCommand("SELECT count(*) FROM data_protection_keys");
        Assert.Equal(1L, await count.ExecuteScalarAsync());
    }

    // Open at first, then sealed by one key, then by another that knows the first: what was protected stays readable, and the database
    // alone gives no key away.
    [Fact]
    public async Task Keys_are_sealed_resealed_under_a_new_key_and_opened_by_nobody_without_it()
    {
        var connections = await TestPostgres.CreateDatabaseAsync();
        var (first, second) = (NewKey(), NewKey());
        string secret;
        await using (var open = Process(connections))
        {
            secret = Protector(open).Protect("hello");
        }

        Assert.Contains("masterKey", await RingAsync(connections), StringComparison.Ordinal);
        foreach (var keys in new string[][] { [first], [second, first], [second] })
        {
            await using var process = Process(connections, keys);
            await Sealer(process).SealAsync(CancellationToken.None);
            Assert.Equal("hello", Protector(process).Unprotect(secret));
            Assert.DoesNotContain("masterKey", await RingAsync(connections), StringComparison.Ordinal);
            Assert.Equal(0, await Sealer(process).SealAsync(CancellationToken.None));
        }

        await using var stranger = Process(connections, [first]);
        Assert.ThrowsAny<CryptographicException>(() => Protector(stranger).Unprotect(secret));
    }

    [Fact]
    public async Task A_new_key_is_sealed_before_it_is_stored()
    {
        var connections = await TestPostgres.CreateDatabaseAsync();
        await using var process = Process(connections, [NewKey()]);
        Protector(process).Protect("hello");

        var ring = await RingAsync(connections);
        Assert.Contains("<sealed by=", ring, StringComparison.Ordinal);
        Assert.DoesNotContain("masterKey", ring, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_is_none_is_refused_with_how_to_make_one()
    {
        var refusal = Assert.Throws<InvalidOperationException>(() => new KeyRingCipher(["c2hvcnQ="]));
        Assert.Contains("openssl rand -base64 32", refusal.Message, StringComparison.Ordinal);
    }

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private static IDataProtector Protector(ServiceProvider process) =>
        process.GetRequiredService<IDataProtectionProvider>().CreateProtector("test");

    private static KeyRingSealer Sealer(ServiceProvider process) =>
        process.GetServices<IHostedService>().OfType<KeyRingSealer>().Single();

    private static async Task<string> RingAsync(ConnectionStrings connections)
    {
        await using var database = new Database(connections);
        await using var command = database.Ops.CreateCommand("SELECT string_agg(xml, '') FROM data_protection_keys");
        return (string)(await command.ExecuteScalarAsync())!;
    }

    private ServiceProvider Process() => Process(postgres.Connections);

    private static ServiceProvider Process(ConnectionStrings connections, params string[] keys)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(
            keys.Select((key, i) => KeyValuePair.Create($"{KeyRingCipher.Section}:{i}", (string?)key))).Build());
        services.AddSingleton<IHostEnvironment>(new HostingEnvironment());
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        services.AddData(connections);
        return services.BuildServiceProvider();
    }
}
