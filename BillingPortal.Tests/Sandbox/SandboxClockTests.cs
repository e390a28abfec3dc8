using System.Net.Http.Json;
using System.Text.Json.Nodes;
using BillingPortal.Providers.Sandbox;
using BillingPortal.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace BillingPortal.Tests.Sandbox;

/// <summary>One clock for the providers and for every portal process.</summary>
public sealed class SandboxClockTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>, IAsyncLifetime
{
    private static readonly DateTimeOffset NewYear = new(2031, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await sandbox.ResetAsync();

    // Ten moves, and after each one both portals must already stand within ten seconds behind the wanted time.
    [Fact]
    public async Task A_move_is_in_force_everywhere_when_it_returns()
    {
        using var first = await PortalAsync();
        using var second = await PortalAsync();

        for (var day = 0; day < 10; day++)
        {
            var wanted = NewYear.AddDays(day);
            await sandbox.MoveClockToAsync(wanted);
            foreach (var portal in new[] { first, second })
            {
                var now = portal.Services.GetRequiredService<TimeProvider>().GetUtcNow();
                Assert.InRange(now, wanted, wanted.AddHours(1));
            }
        }

        await first.StopAsync();
        await second.StopAsync();
    }

    [Fact]
    public async Task A_portal_moves_the_clock_for_itself_and_the_others()
    {
        using var first = await PortalAsync();
        using var second = await PortalAsync();

        await first.Services.GetRequiredService<SandboxClockClient>().SetAsync(NewYear);

        foreach (var portal in new[] { first, second })
        {
            var now = portal.Services.GetRequiredService<TimeProvider>().GetUtcNow();
            Assert.InRange(now, NewYear, NewYear.AddHours(1));
        }

        var customer = await sandbox.Stripe.GetAsync($"customers/{await sandbox.Stripe.CustomerAsync()}");
        var created = DateTimeOffset.FromUnixTimeSeconds(customer.Number("created")!.Value);
        Assert.InRange(created, NewYear, NewYear.AddHours(1));
        await first.StopAsync();
        await second.StopAsync();
    }

    [Fact]
    public async Task It_advances_and_returns_to_system_time()
    {
        await sandbox.AdvanceClockAsync(TimeSpan.FromDays(31));
        await sandbox.AdvanceClockAsync(TimeSpan.FromDays(31));
        var moved = await sandbox.Http.GetFromJsonAsync<JsonObject>("clock");
        await sandbox.ResetAsync();
        var reset = await sandbox.Http.GetFromJsonAsync<JsonObject>("clock");

        Assert.Equal(62 * 24 * 3600m, (decimal)moved!["offsetSeconds"]!);
        Assert.Equal(0m, (decimal)reset!["offsetSeconds"]!);
        Assert.Equal((long)moved["version"]! + 1, (long)reset["version"]!);
    }

    private async Task<IHost> PortalAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?> { ["Sandbox:Url"] = sandbox.BaseUri.ToString() });
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSandboxClock(builder.Configuration);
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }
}
