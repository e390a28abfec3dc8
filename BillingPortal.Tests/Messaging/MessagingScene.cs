using System.Globalization;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Messaging;
using BillingPortal.Outbox;
using BillingPortal.PhoneNumbers;
using BillingPortal.Pricing;
using BillingPortal.Providers.Sms;
using BillingPortal.Settlement;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BillingPortal.Tests.Messaging;

/// <summary>
/// The room on a database of its own, with a clock that stands still, before a sandbox whose clock agrees. Status
/// callbacks go to a receiver that keeps them until a test hands them on, in whatever order.
/// </summary>
public sealed class MessagingScene : IAsyncLifetime
{
    private ServiceProvider _services = null!;

    public PostgresFixture Postgres { get; } = new();

    public SandboxFixture Sandbox { get; } = new();

    public WebhookReceiver Callbacks { get; private set; } = null!;

    public ManualClock Clock => Postgres.Clock;

    public SmsService Sms => _services.GetRequiredService<SmsService>();

    public SmsStatusService News => _services.GetRequiredService<SmsStatusService>();

    public InboundSmsService Inbound => _services.GetRequiredService<InboundSmsService>();

    public SmsSweep Sweep => _services.GetRequiredService<SmsSweep>();

    public SmsSettingsService Settings => _services.GetRequiredService<SmsSettingsService>();

    public SmsOptOutService OptOuts => _services.GetRequiredService<SmsOptOutService>();

    public SmsStatsReader Stats => _services.GetRequiredService<SmsStatsReader>();

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public async ValueTask InitializeAsync()
    {
        await Postgres.InitializeAsync();
        await Sandbox.StartAsync();
        Callbacks = await WebhookReceiver.StartAsync();
        await Sandbox.MoveClockToAsync(Clock.GetUtcNow());
        _services = Services([]);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Callbacks.DisposeAsync();
        await Sandbox.DisposeAsync();
        await Postgres.DisposeAsync();
    }

    /// <summary>The same room as another process would have it, with other settings.</summary>
    public ServiceProvider Services(Dictionary<string, string?> settings, TimeProvider? clock = null)
    {
        settings.TryAdd("Messaging:PerMinuteMax", "10000");
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
        services.AddSingleton(Postgres.Connections).AddSingleton(Postgres.Database).AddSingleton(Postgres.LedgerWriter);
        services.AddSingleton(clock ?? Clock).AddSingleton<PostgresSignals>();
        services.AddOutbox(configuration).AddPricing(configuration).AddSingleton<PhoneNumberReader>();
        services.AddSingleton<TenantReader>().AddSingleton<TopUp>().AddSettlement();
        services.AddSingleton(Options.Create(new AppOptions { PublicUrl = Callbacks.Address }));
        services.AddSingleton(Twilio());
        services.AddMessaging(configuration);
        return services.BuildServiceProvider();
    }

    /// <summary>The client on the machine's clock, because this scene's own stands still.</summary>
    public TwilioClient Twilio() => new(
        Options.Create(new TwilioOptions
        {
            AccountSid = SandboxTwilio.AccountSid,
            AuthToken = "sandbox_twilio_token",
            ApiBase = new Uri(Sandbox.BaseUri, "twilio"),
            MaxRetries = 1,
        }),
        TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<TwilioClient>.Instance);

    /// <summary>A tenant with a number in service, at the provider as well.</summary>
    public async Task<SmsTenant> TenantAsync(decimal credits = 100, decimal usd = 0, Unit plan = Unit.Credits)
    {
        var tenant = await Postgres.TenantWithAsync(credits, usd);
        await using (var unit = await Postgres.Database.BeginOpsAsync())
        {
            unit.Db.Add(new Tenant
            {
                Id = tenant.Id,
                Slug = tenant.Id.ToString("N"),
                Name = "Test tenant",
                Plan = plan,
                CreatedAt = Clock.GetUtcNow(),
            });
            await unit.CommitAsync();
        }

        return new SmsTenant(this, tenant, plan, await AddNumberAsync(tenant.Id));
    }

    public async Task<string> AddNumberAsync(
        Guid tenantId, PhoneNumberState state = PhoneNumberState.Active, DateTimeOffset? acquiredAt = null)
    {
        var number = await Sandbox.Twilio.OwnNumberAsync();
        var now = Clock.GetUtcNow();
        await using var unit = await Postgres.Database.BeginOpsAsync();
        unit.Db.Add(new PhoneNumber
        {
            Id = Ids.New(),
            TenantId = tenantId,
            Number = number,
            Country = "US",
            ProviderSid = "PN" + Ids.New().ToString("N"),
            State = state,
            Unit = Unit.Credits,
            AnchorDay = 20,
            NextBillingDate = now.AddMonths(1),
            SuspendedAt = state is PhoneNumberState.Suspended ? now : null,
            CreatedAt = now,
            AcquiredAt = acquiredAt ?? now,
        });
        await unit.CommitAsync();
        return number;
    }

    /// <summary>Waits until the sandbox has told everything, then hands the callbacks on: as they came, or as given.</summary>
    public async Task HandOnAsync(Func<IEnumerable<SmsStatusNews>, IEnumerable<SmsStatusNews>>? order = null)
    {
        await Sandbox.WebhooksIdleAsync();
        foreach (var news in (order ?? (all => all))(TakeNews()))
        {
            await News.ApplyAsync(news);
        }
    }

    /// <summary>The callbacks that have come in since the last time.</summary>
    public List<SmsStatusNews> TakeNews()
    {
        var news = new List<SmsStatusNews>();
        while (Callbacks.Received.TryDequeue(out var one))
        {
            var query = QueryHelpers.ParseQuery(new Uri(one.Url).Query);
            news.Add(new SmsStatusNews(
                one.Form["MessageSid"], SmsStatuses.Parse(one.Form["MessageStatus"])!.Value,
                one.Form.TryGetValue("ErrorCode", out var code) ? int.Parse(code, CultureInfo.InvariantCulture) : null,
                query.TryGetValue("message", out var id) ? Guid.Parse(id!) : null));
        }

        return news;
    }

    public async Task<SmsMessage> MessageAsync(Guid id)
    {
        await using var unit = await Postgres.Database.BeginOpsAsync();
        return await unit.Db.Set<SmsMessage>().AsNoTracking().SingleAsync(message => message.Id == id);
    }

    public async Task<List<SmsMessage>> MessagesAsync(Guid tenantId)
    {
        await using var unit = await Postgres.Database.BeginOpsAsync();
        return await unit.Db.Set<SmsMessage>().AsNoTracking().Where(message => message.TenantId == tenantId)
            .OrderBy(message => message.CreatedAt).ThenBy(message => message.Id).ToListAsync();
    }

    public async Task<List<SmsState>> StepsAsync(Guid messageId)
    {
        await using var unit = await Postgres.Database.BeginOpsAsync();
        var steps = await unit.Db.Set<SmsStep>().Where(step => step.MessageId == messageId).ToListAsync();
        return [.. steps.OrderBy(step => step.At).ThenBy(step => step.State).Select(step => step.State)];
    }
}

/// <summary>A tenant of one test, and what it says and asks about messages.</summary>
public sealed class SmsTenant(MessagingScene scene, TestTenant books, Unit plan, string number)
{
    public Guid Id => books.Id;

    public TestTenant Books => books;

    public string Number => number;

    public Unit Plan => plan;

    public Task<SmsSend> SendAsync(string to, string body = "Hello", string? key = null, string? from = null) =>
        scene.Sms.SendAsync(Id, plan, new SendSms(to, body, from), key);

    public async Task<decimal> AvailableAsync() => (await books.BalanceAsync(plan)).Available.ToDecimal();

    public Task<InboundResult> ReceiveAsync(
        string from, string body = "Hi", string? sid = null, string? to = null, string? optOutType = null,
        bool canReply = true) =>
        scene.Inbound.ReceiveAsync(
            new InboundSms(
                sid ?? "SM" + Ids.New().ToString("N"), from, to ?? number, body, 1, 0, optOutType, "US",
                scene.Clock.GetUtcNow()),
            canReply);

    public Task<List<SmsMessage>> MessagesAsync() => scene.MessagesAsync(Id);
}
