using System.Collections.Concurrent;
using System.Net.Http.Headers;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using BillingPortal.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Web;

/// <summary>
/// The portal's own pipeline on a real port, around endpoints that do what a test needs and count what they did.
/// </summary>
public sealed class ProbeHost : IAsyncLifetime
{
    private WebApplication? _app;
    private Database? _database;

    /// <summary>How often each probe did its work, by the name that the request gave.</summary>
    public ConcurrentDictionary<string, int> Done { get; } = new();

    /// <summary>A slow probe waits here until the test opens it.</summary>
    public ConcurrentDictionary<string, TaskCompletionSource> Gates { get; } = new();

    public ManualClock Clock { get; } = new(new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero));

    public Database Database => _database!;

    public IdempotencyStore Store => _app!.Services.GetRequiredService<IdempotencyStore>();

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["Http:RequestsPerMinute"] = "50",
                ["Cron:Secret"] = "the-cron-secret",
                ["Billing:CronToken"] = "the-billing-cron-token",
            });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<TimeProvider>(Clock);
        builder.AddWeb();
        builder.Services.AddData(await TestPostgres.CreateDatabaseAsync());
        builder.Services.AddLedger(builder.Configuration);
        builder.Services.AddTenants(builder.Configuration);
        builder.Services.AddRazorComponents();
        _app = builder.Build();
        _app.UseWeb();
        Map(_app.MapGroup("/api/probe"));
        await _app.StartAsync();
        _database = _app.Services.GetRequiredService<Database>();
    }

    public async ValueTask DisposeAsync() => await _app!.DisposeAsync();

    /// <summary>A program of a tenant of its own.</summary>
    public async Task<(HttpClient Client, Tenant Tenant)> ProgramAsync(ApiScopes scopes = ApiScopes.All, int? requestsPerMinute = null)
    {
        var tenants = _app!.Services.GetRequiredService<TenantService>();
        var tenant = await tenants.CreateAsync(new NewTenant($"t-{Ids.New():N}"[..34], "Probe", Unit.Credits));
        var key = await tenants.CreateApiKeyAsync(tenant.Id, "probe", scopes);
        await using var unit = await Database.BeginOpsAsync();
        await unit.Db.Set<ApiKey>().Where(row => row.Id == key.Id)
            .ExecuteUpdateAsync(row => row.SetProperty(one => one.RequestsPerMinute, requestsPerMinute));
        await unit.CommitAsync();
        return (Bearer(key.Text), tenant);
    }

    public HttpClient Bearer(string? token)
    {
        var client = new HttpClient { BaseAddress = new Uri(_app!.Urls.First()) };
        client.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    private void Map(Microsoft.AspNetCore.Routing.RouteGroupBuilder probe)
    {
        probe.MapPost("/work", (Work work) => Did(work.Name)).WithIdempotency().RequireAuthorization(Policies.TenantBilling);
        probe.MapPost("/other", (Work work) => Did(work.Name)).WithIdempotency().RequireAuthorization(Policies.TenantBilling);
        probe.MapPost("/refuse", (Work work) =>
        {
            Did(work.Name);
            return Problems.PaymentRequired("insufficient_balance", "no");
        }).WithIdempotency().RequireAuthorization(Policies.TenantBilling);
        probe.MapPost("/slow", async (Work work) =>
        {
            await Gates[work.Name].Task;
            return Did(work.Name);
        }).WithIdempotency().RequireAuthorization(Policies.TenantBilling);
        probe.MapPost("/throw", (Work work) =>
        {
            Did(work.Name);
            throw new InvalidOperationException("secret detail");
        }).WithIdempotency().RequireAuthorization(Policies.TenantBilling);
        probe.MapGet("/read/{id:int}", (int id, string? from, CurrentTenant tenant) => new { id, from, tenant = tenant.Id })
            .RequireAuthorization(Policies.TenantRead);
        probe.MapGet("/query", (int count) => new { count }).RequireAuthorization(Policies.TenantRead);
        probe.MapGet("/amount", () => new { exact = Amount.Usd(0.375m), whole = Amount.Credits(1045) })
            .RequireAuthorization(Policies.TenantRead);
        probe.MapGet("/endless", async (CancellationToken cancellationToken) =>
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return "never";
        }).WithRequestTimeout(RequestLimits.Within(TimeSpan.FromMilliseconds(50))).RequireAuthorization(Policies.TenantRead);
        probe.MapGet("/cron", () => "ran").RequireAuthorization(Policies.Cron);
        probe.MapGet("/open-by-mistake", () => "nobody said who may come here");
    }

    private DoneAnswer Did(string name) => new(name, Done.AddOrUpdate(name, 1, (_, times) => times + 1));

    /// <summary>What a probe is asked to do.</summary>
    public sealed record Work(string Name, decimal Quantity = 1);

    /// <summary>How often it has been done.</summary>
    public sealed record DoneAnswer(string Name, int Times);
}
