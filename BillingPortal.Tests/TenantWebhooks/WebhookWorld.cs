using BillingPortal.Alerts;
using BillingPortal.Audit;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Outbox;
using BillingPortal.Tenants;
using BillingPortal.TenantWebhooks;
using BillingPortal.TenantWebhooks.Delivery;
using BillingPortal.TenantWebhooks.Endpoints;
using BillingPortal.TenantWebhooks.Events;
using BillingPortal.TenantWebhooks.Network;
using BillingPortal.Tests.Support;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace BillingPortal.Tests.TenantWebhooks;

/// <summary>Outgoing webhooks on a test's database and clock, with connections to this machine allowed.</summary>
internal sealed class WebhookWorld : IAsyncDisposable
{
    private readonly PostgresFixture _postgres;
    private readonly PostgresSignals _signals;
    private readonly List<IDisposable> _made = [];

    public WebhookWorld(PostgresFixture postgres, TenantWebhookOptions? options = null)
    {
        _postgres = postgres;
        Options = options ?? new TenantWebhookOptions { TimeoutSeconds = 2 };
        _signals = new PostgresSignals(postgres.Connections, TimeProvider.System, NullLogger<PostgresSignals>.Instance);
        Queue = new NewDeliveries(postgres.Clock);
        Feed = new BalanceFeed(postgres.Database, _signals, TimeProvider.System, NullLogger<BalanceFeed>.Instance);
        var outbox = new OutboxWriter(postgres.Clock, new OutboxBell());
        var mails = new EndpointMails(
            new Mailer(outbox, postgres.Clock),
            Microsoft.Extensions.Options.Options.Create(new AppOptions { PublicUrl = new Uri("https://portal.example") }));
        Store = new DeliveryStore(postgres.Database, postgres.Clock);
        Book = new DeliveryBook(postgres.Database, mails, Feed, postgres.Clock, Wrapped);
        Sender = new WebhookSender(new GuardedConnector(Rules), postgres.Clock, Options);
        _made.Add(Sender);
        Endpoints = new EndpointService(
            postgres.Database, new EndpointAddress(Rules, allowsHttp: true), Secrets, mails, new AuditLog(postgres.Clock),
            postgres.Clock, Wrapped);
        Replays = new ReplayService(postgres.Database, Queue, new AuditLog(postgres.Clock), postgres.Clock);
    }

    public static NetworkRules Rules { get; } = new(["127.0.0.0/8", "::1/128"]);

    public TenantWebhookOptions Options { get; }

    public static EndpointSecrets Secrets { get; } = new(new EphemeralDataProtectionProvider());

    public NewDeliveries Queue { get; }

    public BalanceFeed Feed { get; }

    public DeliveryStore Store { get; }

    public DeliveryBook Book { get; }

    public WebhookSender Sender { get; }

    public EndpointService Endpoints { get; }

    public ReplayService Replays { get; }

    public TimeSpan Lease => TimeSpan.FromMinutes(1);

    private IOptions<TenantWebhookOptions> Wrapped => Microsoft.Extensions.Options.Options.Create(Options);

    /// <summary>A dispatcher with nothing in common with another but the database, as in another process.</summary>
    public DeliveryDispatcher Dispatcher()
    {
        var made = new DeliveryDispatcher(
            Store, Book, Sender, Secrets, _signals, _postgres.Clock, Wrapped, NullLogger<DeliveryDispatcher>.Instance);
        _made.Add(made);
        return made;
    }

    public Task<int> DrainAsync() => Dispatcher().DrainAsync();

    /// <summary>A tenant with an owner.</summary>
    public async Task<Customer> CustomerAsync()
    {
        var (tenant, user, now) = (Ids.New(), Ids.New(), _postgres.Clock.GetUtcNow());
        await using var unit = await _postgres.Database.BeginOpsAsync();
        unit.Db.Add(new Tenant { Id = tenant, Slug = $"t{tenant:N}", Name = "Acme", Plan = Unit.Credits, CreatedAt = now });
        unit.Db.Add(new User
        {
            Id = user,
            Email = $"{user:N}@tests.example",
            NormalizedEmail = $"{user:N}@TESTS.EXAMPLE",
            Name = "Ada",
            CreatedAt = now,
        });
        await unit.Db.SaveChangesAsync();
        unit.Db.Add(new Member { TenantId = tenant, UserId = user, Role = MemberRole.Owner, CreatedAt = now });
        await unit.CommitAsync();
        return new Customer(this, _postgres, tenant, new Actor(ActorKind.Person, user, "Ada (owner)"));
    }

    public async ValueTask DisposeAsync()
    {
        _made.ForEach(one => one.Dispose());
        await Feed.DisposeAsync();
        await _signals.DisposeAsync();
    }
}

/// <summary>A tenant with programs of its own, and the sentences a test wants to say about it.</summary>
internal sealed class Customer(WebhookWorld world, PostgresFixture postgres, Guid id, Actor owner)
{
    public Guid Id => id;

    public Actor Owner => owner;

    public Task<EndpointResult> EndpointAsync(Uri url, params string[] events) => world.Endpoints.CreateAsync(
        id, owner, new EndpointWish(url.ToString(), "Books", AllEvents: events.Length == 0, events));

    /// <summary>Publishes and fans out, as the outbox would.</summary>
    public async Task<EventMessage> HappensAsync(TenantEvent kind = TenantEvent.PurchaseSettled, int times = 1)
    {
        var message = EventMessage.Of(id, kind, new TestData("as the test wants it"), Ids.New().ToString(), postgres.Clock.GetUtcNow());
        for (var i = 0; i < times; i++)
        {
            await new EventFanOut(postgres.Database, world.Queue, postgres.Clock).HandleAsync(
                new OutboxMessage
                {
                    Kind = EventMessage.OutboxKind,
                    TenantId = id,
                    Payload = System.Text.Json.JsonSerializer.Serialize(message, System.Text.Json.JsonSerializerOptions.Web),
                },
                CancellationToken.None);
        }

        return message;
    }

    public async Task<List<WebhookDelivery>> DeliveriesAsync()
    {
        await using var unit = await postgres.Database.BeginAsync(id);
        return await unit.Db.Set<WebhookDelivery>().AsNoTracking().OrderBy(one => one.CreatedAt).ThenBy(one => one.Id).ToListAsync();
    }

    public async Task<List<DeliveryAttempt>> AttemptsAsync()
    {
        await using var unit = await postgres.Database.BeginAsync(id);
        return await unit.Db.Set<DeliveryAttempt>().AsNoTracking().OrderBy(one => one.Id).ToListAsync();
    }

    public async Task<WebhookEndpoint> EndpointAsync(Guid endpointId)
    {
        await using var unit = await postgres.Database.BeginAsync(id);
        return await unit.Db.Set<WebhookEndpoint>().AsNoTracking().SingleAsync(one => one.Id == endpointId);
    }

    public async Task<List<string>> MailsAsync()
    {
        await using var unit = await postgres.Database.BeginOpsAsync();
        var messages = await unit.Db.Set<OutboxMessage>().AsNoTracking()
            .Where(message => message.TenantId == id && message.Kind == QueuedEmail.MessageKind).ToListAsync();
        return messages.ConvertAll(message => message.Read<QueuedEmail>().Subject);
    }

    public async Task<List<AuditLine>> AuditAsync()
    {
        await using var unit = await postgres.Database.BeginAsync(id);
        return await unit.Db.Set<AuditLine>().AsNoTracking().OrderBy(line => line.Id).ToListAsync();
    }
}
