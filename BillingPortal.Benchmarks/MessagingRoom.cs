using System.Globalization;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Messaging;
using BillingPortal.Outbox;
using BillingPortal.PhoneNumbers;
using BillingPortal.Pricing;
using BillingPortal.Processes;
using BillingPortal.Providers;
using BillingPortal.Providers.Sms;
using BillingPortal.Settlement;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BillingPortal.Benchmarks;

/// <summary>
/// The room Messaging with its shipped settings, before a sandbox; tenants with a number each; and an address for status
/// callbacks, which are applied or only answered.
/// </summary>
internal sealed class MessagingRoom : IAsyncDisposable
{
    private readonly WebApplication _callbacks;
    private readonly ServiceProvider _services;
    private readonly (Guid TenantId, string Number)[] _tenants;
    private long _lastTenant;

    private MessagingRoom(WebApplication callbacks, ServiceProvider services, (Guid, string)[] tenants)
    {
        _callbacks = callbacks;
        _services = services;
        _tenants = tenants;
    }

    public SmsService Sms => _services.GetRequiredService<SmsService>();

    public TwilioClient Twilio => _services.GetRequiredService<TwilioClient>();

    public Uri CallbackAddress => new(_callbacks.Urls.Single());

    /// <summary>Whether callbacks change messages, or are only answered.</summary>
    public bool AppliesNews { get; set; }

    public static async Task<MessagingRoom> StartAsync(BenchmarkServer server, SandboxProcess sandbox, int tenants)
    {
        MessagingRoom? room = null;
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var callbacks = builder.Build();
        callbacks.MapPost("/{**path}", context => room!.HearAsync(context));
        await callbacks.StartAsync();
        var services = Services(server, sandbox, new Uri(callbacks.Urls.Single()));
        var numbers = await BuyAsync(server, services.GetRequiredService<TwilioClient>(), server.Tenants[..tenants]);
        return room = new MessagingRoom(callbacks, services, numbers);
    }

    /// <summary>The next tenant in turn, and a wish of its own.</summary>
    public (Guid TenantId, string Number, SendSms Wish) Next()
    {
        var count = Interlocked.Increment(ref _lastTenant);
        var (tenantId, number) = _tenants[count % _tenants.Length];
        var to = string.Create(CultureInfo.InvariantCulture, $"+1628{2000000 + (count % 7_000_000)}");
        return (tenantId, number, new SendSms(to, "Your appointment is tomorrow at 9:30. Reply STOP to opt out.", number));
    }

    public async ValueTask DisposeAsync()
    {
        await _callbacks.DisposeAsync();
        await _services.DisposeAsync();
    }

    private async Task HearAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync();
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        if (AppliesNews && SmsStatuses.Parse(form["MessageStatus"]) is { } status)
        {
            await _services.GetRequiredService<SmsStatusService>().ApplyAsync(new SmsStatusNews(
                form["MessageSid"]!, status, null, Guid.Parse(context.Request.Query["message"]!)));
        }
    }

    private static ServiceProvider Services(BenchmarkServer server, SandboxProcess sandbox, Uri callbacks)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Messaging:PerMinuteMax"] = "100000" }).Build();
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Error).AddConsole());
        services.AddSingleton(server.Connections).AddSingleton(server.Database).AddSingleton(TimeProvider.System);
        services.AddSingleton<PostgresSignals>().AddSingleton<TenantReader>();
        services.AddOutbox(configuration).AddPricing(configuration).AddLedger(configuration);
        services.AddSingleton<PhoneNumberReader>().AddSingleton<MonthlyReservations>();
        services.AddSingleton(Options.Create(new AppOptions { PublicUrl = callbacks }));
        services.AddSingleton(Options.Create(new TwilioOptions
        {
            AccountSid = SandboxDefaults.TwilioAccountSid,
            AuthToken = SandboxDefaults.TwilioAuthToken,
            ApiBase = new Uri(sandbox.Address, "twilio"),
        }));
        services.AddSingleton<TwilioClient>();
        services.AddMessaging(configuration);
        return services.BuildServiceProvider();
    }

    private static async Task<(Guid, string)[]> BuyAsync(BenchmarkServer server, TwilioClient twilio, Guid[] tenants)
    {
        var bought = new List<(Guid, string)>();
        var nobody = new Uri("https://portal.example/");
        await using var unit = await server.Database.BeginOpsAsync();
        await using (var clear = unit.Command("DELETE FROM phone_numbers"))
        {
            await clear.ExecuteNonQueryAsync();
        }

        foreach (var tenantId in tenants)
        {
            var number = $"+1415{2000000 + Random.Shared.Next(7_000_000)}";
            var answer = await twilio.BuyNumberAsync(new BuyNumber(number, nobody, nobody));
            var owned = answer.Number ?? throw new InvalidOperationException($"The sandbox sold no number: {answer.Refusal}");
            unit.Db.Add(NumberOf(tenantId, owned));
            bought.Add((tenantId, owned.PhoneNumber));
        }

        await unit.CommitAsync();
        return [.. bought];
    }

    private static PhoneNumber NumberOf(Guid tenantId, OwnedNumber owned)
    {
        var now = TimeProvider.System.GetUtcNow();
        return new PhoneNumber
        {
            Id = Ids.New(),
            TenantId = tenantId,
            Number = owned.PhoneNumber,
            Country = "US",
            ProviderSid = owned.Sid,
            State = PhoneNumberState.Active,
            Unit = Unit.Credits,
            AnchorDay = 1,
            NextBillingDate = now.AddMonths(1),
            CreatedAt = now,
            AcquiredAt = now,
        };
    }
}
