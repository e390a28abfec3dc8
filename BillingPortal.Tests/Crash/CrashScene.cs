using System.Net.Http.Json;
using System.Text.Json.Nodes;
using BillingPortal.Cards;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.PhoneNumbers;
using BillingPortal.Processes;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Crash;

/// <summary>
/// A tenant with a saved card and an API key on a database of its own, a sandbox, and portals as processes that a test starts and kills.
/// </summary>
public sealed class CrashScene : IAsyncLifetime
{
    private readonly List<PortalProcess> _portals = [];
    private readonly System.Collections.Concurrent.ConcurrentQueue<string> _answers = new();
    private Database _database = null!;
    private ConnectionStrings _connections = null!;
    private string _apiKey = "";
    private string _customer = "";

    public SandboxFixture Sandbox { get; } = new();

    public Guid TenantId { get; private set; }

    public string CardId { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        await Sandbox.InitializeAsync();
        await using var setup = new SetupPortal(Sandbox);
        await setup.InitializeAsync();
        _connections = setup.Connections;
        _database = new Database(_connections);
        var tenant = await setup.TenantAsync();
        TenantId = tenant.Id;
        _apiKey = (await setup.TenantService.CreateApiKeyAsync(tenant.Id, "crash", ApiScopes.All)).Text;
        var cards = setup.Services.GetRequiredService<CardService>();
        _customer = await cards.EnsureCustomerAsync(tenant.Id);
        CardId = await Sandbox.Stripe.SavedCardAsync(_customer);
        await cards.SaveAsync(CardId, tenant.Id);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var portal in _portals)
        {
            await portal.DisposeAsync();
        }

        await _database.DisposeAsync();
        await Sandbox.DisposeAsync();
    }

    /// <summary>Starts one more portal on the same database; webhooks go to the newest.</summary>
    /// <param name="stripeSeconds">So long the portal waits for Stripe.</param>
    public async Task<PortalProcess> StartAsync(int stripeSeconds = 2)
    {
        var settings = new Dictionary<string, string>
        {
            ["Stripe__TimeoutSeconds"] = stripeSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["Stripe__MaxRetries"] = "0",
            ["Messaging__LooksMin"] = "1",
        };
        var portal = await PortalProcess.StartAsync(_connections.Owner, Sandbox.BaseUri, settings);
        _portals.Add(portal);
        await Sandbox.SendWebhooksToAsync(portal.Address);
        return portal;
    }

    /// <summary>Credits for the tenant, and a number in service to send from.</summary>
    public async Task<string> OwnNumberAsync(decimal credits)
    {
        var number = await Sandbox.Twilio.OwnNumberAsync();
        var now = TimeProvider.System.GetUtcNow();
        await using var ledger = new LedgerWriter(_database, TimeProvider.System);
        await using var unit = await _database.BeginOpsAsync();
        unit.Db.Add(new PhoneNumber
        {
            Id = Ids.New(),
            TenantId = TenantId,
            Number = number,
            Country = "US",
            ProviderSid = "PN" + Ids.New().ToString("N"),
            State = PhoneNumberState.Active,
            Unit = Unit.Credits,
            AnchorDay = 1,
            NextBillingDate = now.AddMonths(1),
            CreatedAt = now,
            AcquiredAt = now,
        });
        var posting = new Posting
        {
            TenantId = TenantId,
            Operation = LedgerOperation.Credit,
            Amount = Amount.Credits(credits),
            Kind = EntryKind.Purchase,
            Counter = CounterAccount.CardClearing,
            Key = Ids.New(),
            CauseType = "test",
            OccurredAt = now,
        };
        await ledger.PostAsync(unit, [posting]);
        await unit.CommitAsync();
        return number;
    }

    public async Task AssertBooksAsync()
    {
        var audit = await new LedgerAudit(_database, TimeProvider.System).RunAsync(full: true);
        Assert.Empty(audit.Violations);
    }

    /// <summary>Posts as the tenant's program. A call that dies with its portal is part of the scene.</summary>
    public async Task PostAsync(PortalProcess portal, string path, object body)
    {
        using var client = portal.Client(_apiKey);
        try
        {
            using var answer = await client.PostAsJsonAsync(path, body);
            _answers.Enqueue($"{path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        }
        catch (HttpRequestException)
        {
            // killed while it answered
        }
    }

    public async Task<JsonNode> GetAsync(PortalProcess portal, string path)
    {
        using var client = portal.Client(_apiKey);
        return (await client.GetFromJsonAsync<JsonNode>(path))!;
    }

    public Task<SandboxPayments> ChargesAsync() => Sandbox.PaymentsAsync(_customer);

    /// <summary>One number from the database, as the operator sees it.</summary>
    public async Task<long> CountAsync(string sql)
    {
        await using var command = _database.Ops.CreateCommand(sql);
        command.Parameters.Add(new Npgsql.NpgsqlParameter { Value = TenantId });
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Asks until it is so. The bound is what the portal promises: two minutes after the provider answers again.</summary>
    public async Task EventuallyAsync(Func<Task<bool>> isSo, string what)
    {
        var patience = System.Diagnostics.Stopwatch.StartNew();
        while (patience.Elapsed < TimeSpan.FromMinutes(2))
        {
            if (await isSo())
            {
                return;
            }

            await Task.Delay(100);
        }

        var outputs = string.Join(Environment.NewLine, _portals.Select(portal => portal.Output));
        Assert.Fail($"It never came to pass: {what}.{Environment.NewLine}{string.Join(Environment.NewLine, _answers)}{outputs}");
    }

    /// <summary>Nothing is under way any more: no open attempt, no open purchase, no request, no message, no webhook.</summary>
    public Task SettledDownAsync() => EventuallyAsync(
        async () => await CountAsync(
            """
            SELECT (SELECT count(*) FROM recharge_attempts WHERE tenant_id = $1 AND state IN ('recorded', 'charging', 'unknown'))
                 + (SELECT count(*) FROM purchases WHERE tenant_id = $1 AND state IN ('started', 'processing'))
                 + (SELECT count(*) FROM recharge_requests WHERE tenant_id = $1 AND done_version < version)
            """) == 0,
        "nothing recorded, charging, unknown or requested is left");

    /// <summary>A client of the tenant's program.</summary>
    public HttpClient Client(PortalProcess portal) => portal.Client(_apiKey);

    /// <summary>Every charge at Stripe stands in the books once, and the books add up.</summary>
    public async Task AssertChargedAndCreditedAsync(int charges, int creditedBefore = 0)
    {
        Assert.Equal(charges, (await ChargesAsync()).SucceededCharges);
        Assert.Equal(
            charges + creditedBefore, await CountAsync("SELECT count(*) FROM entries WHERE tenant_id = $1 AND kind = 'purchase'"));
        var audit = await new LedgerAudit(_database, TimeProvider.System).RunAsync(full: true);
        Assert.Empty(audit.Violations);
    }

    private sealed class SetupPortal(SandboxFixture sandbox) : PortalHost
    {
        protected override IEnumerable<KeyValuePair<string, string>> Settings =>
            [new("Sandbox:Url", sandbox.BaseUri.ToString().TrimEnd('/'))];
    }
}
