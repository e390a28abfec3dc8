using BillingPortal.Data;
using BillingPortal.Tests.Support;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

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

    private ServiceProvider Process()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        services.AddData(postgres.Connections);
        return services.BuildServiceProvider();
    }
}
