using System.Diagnostics;
using System.Net.Http.Headers;
using BillingPortal.Cards;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Processes;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace BillingPortal.Tests.Nodes;

/// <summary>Two portals as processes on one database behind a sticky proxy, a sandbox, and tenants that wait for a test.</summary>
public sealed class NodesScene : IAsyncLifetime
{
    public const string Collection = "Several nodes";
    private const int Nodes = 2;
    private const int Tenants = 8;

    private readonly Queue<NodeTenant> _tenants = new();
    private readonly PortalProcess[] _nodes = new PortalProcess[Nodes];
    private readonly Uri[] _addresses =
        [.. Enumerable.Range(0, Nodes).Select(_ => new Uri($"http://127.0.0.1:{Programs.FreePort()}"))];

    private StickyProxy _proxy = null!;

    public SandboxFixture Sandbox { get; } = new();

    public ConnectionStrings Connections { get; private set; } = null!;

    public Database Database { get; private set; } = null!;

    public Uri ProxyAddress => _proxy.Address;

    public int NodeCount => Nodes;

    public PortalProcess A => _nodes[0];

    public PortalProcess B => _nodes[1];

    public async ValueTask InitializeAsync()
    {
        await Sandbox.InitializeAsync();
        await using (var setup = new SetupPortal(Sandbox))
        {
            await setup.InitializeAsync();
            Connections = setup.Connections;
            for (var tenant = 0; tenant < Tenants; tenant++)
            {
                _tenants.Enqueue(await TenantAsync(setup));
            }
        }

        Database = new Database(Connections);
        _proxy = await StickyProxy.StartAsync(_addresses);
        await Sandbox.SendWebhooksToAsync(_proxy.Address);
        await Task.WhenAll(Enumerable.Range(0, Nodes).Select(StartAsync));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes.OfType<PortalProcess>())
        {
            await node.DisposeAsync();
        }

        await _proxy.DisposeAsync();
        await Database.DisposeAsync();
        await Sandbox.DisposeAsync();
    }

    /// <summary>A tenant of this test alone, with credits, an owner, a key and a saved card.</summary>
    internal async Task<NodeTenant> TenantAsync(decimal credits)
    {
        var tenant = _tenants.Dequeue();
        await using var ledger = new LedgerWriter(Database, TimeProvider.System);
        await ledger.PostAsync(new Posting
        {
            TenantId = tenant.Id,
            Operation = LedgerOperation.Credit,
            Amount = Amount.Credits(credits),
            Kind = EntryKind.Adjustment,
            Counter = CounterAccount.Adjustment,
            Key = Ids.New(),
            CauseType = "test",
            OccurredAt = TimeProvider.System.GetUtcNow(),
        });
        return tenant;
    }

    /// <summary>Starts the node again on its address; returns when the proxy sends requests there.</summary>
    public async Task StartAsync(int node)
    {
        _nodes[node] = await PortalProcess.StartAsync(Connections.Owner, Sandbox.BaseUri, Settings(), _addresses[node].Port);
        await _proxy.SeesAsync(_addresses[node], ready: true);
    }

    /// <summary>SIGTERM, and the wait for the exit.</summary>
    public async Task StopAsync(int node) => Assert.Equal(0, await _nodes[node].TerminateAsync());

    /// <summary>The node whose process has this id.</summary>
    public int NodeOf(int processId) => Array.FindIndex(_nodes, node => node.Process.Id == processId);

    public Task KillAsync(int node) => _nodes[node].KillAsync();

    /// <summary>A tenant's program that talks to this address.</summary>
    internal static HttpClient Program(NodeTenant tenant, Uri address)
    {
        var client = new HttpClient(new HttpClientHandler { UseCookies = false }) { BaseAddress = address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", tenant.ApiKey);
        return client;
    }

    /// <summary>A browser with cookies that follows no redirect; it may talk to any node: cookies know no ports.</summary>
    internal static HttpClient Browser(Uri address) =>
        new(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = address };

    /// <summary>Signs the tenant's owner in at the node of the browser's address.</summary>
    internal static async Task SignInAsync(HttpClient browser, NodeTenant tenant)
    {
        var answer = await PortalHost.PostFormAsync(
            browser, "/sign-in", "sign-in", new() { ["Form.Email"] = tenant.Email, ["Form.Password"] = PortalHost.Password });
        Assert.Equal(System.Net.HttpStatusCode.Redirect, answer.StatusCode);
    }

    public async Task<T> ScalarAsync<T>(string sql, params object[] values)
    {
        await using var command = Database.Ops.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Asks until it is so; the patience is no promise, only the end of a failed test.</summary>
    public async Task EventuallyAsync(Func<Task<bool>> isSo, string what)
    {
        var patience = Stopwatch.StartNew();
        while (!await isSo())
        {
            if (patience.Elapsed > TimeSpan.FromMinutes(2))
            {
                var outputs = string.Join(Environment.NewLine, _nodes.Select(node => node.Output));
                Assert.Fail($"It never came to pass: {what}.{Environment.NewLine}{outputs}");
            }

            await Task.Delay(50);
        }
    }

    public async Task AssertBooksAsync() =>
        Assert.Empty((await new LedgerAudit(Database, TimeProvider.System).RunAsync(full: true)).Violations);

    private Dictionary<string, string> Settings() => new()
    {
        ["App__PublicUrl"] = _proxy.Address.ToString().TrimEnd('/'),
        ["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true",
        ["Shutdown__DrainSeconds"] = "4",
        ["Pricing__CacheSeconds"] = "1",
        ["Http__RequestsPerMinute"] = "1000000",
        ["Logging__LogLevel__Default"] = "Warning",
    };

    private static async Task<NodeTenant> TenantAsync(SetupPortal setup)
    {
        var tenant = await setup.TenantAsync();
        var email = await setup.PersonAsync(tenant, MemberRole.Owner);
        var key = await setup.TenantService.CreateApiKeyAsync(tenant.Id, "nodes", ApiScopes.All);
        var cards = setup.Services.GetRequiredService<CardService>();
        var customer = await cards.EnsureCustomerAsync(tenant.Id);
        var card = await setup.Sandbox.Stripe.SavedCardAsync(customer);
        await cards.SaveAsync(card, tenant.Id);
        return new NodeTenant(tenant.Id, email, key.Text, customer, card);
    }

    private sealed class SetupPortal(SandboxFixture sandbox) : PortalHost
    {
        public SandboxFixture Sandbox { get; } = sandbox;

        protected override IEnumerable<KeyValuePair<string, string>> Settings =>
            [new("Sandbox:Url", Sandbox.BaseUri.ToString().TrimEnd('/'))];
    }
}

/// <summary>A tenant, its owner, its program's key, its customer and card at Stripe.</summary>
internal sealed record NodeTenant(Guid Id, string Email, string ApiKey, string Customer, string Card);

/// <summary>Names the collection: its classes run one after the other on the same nodes.</summary>
[CollectionDefinition(NodesScene.Collection)]
public sealed class NodesSceneDefinition : ICollectionFixture<NodesScene>;
