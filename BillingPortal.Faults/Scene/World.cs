using BillingPortal.Cards;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Processes;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace BillingPortal.Faults.Scene;

/// <summary>
/// Everything that runs: PostgreSQL on its disk, the network before it, the sandbox, the portals, the customers; and the driver's own
/// way to the database, which no fault touches but the database's own.
/// </summary>
internal sealed class World : IAsyncDisposable
{
    private const string DatabaseName = "billing";

    private static readonly string[] ServerSettings =
    [
        "max_connections=200", "shared_buffers=64MB", "max_wal_size=96MB", "min_wal_size=32MB", "log_min_messages=warning",
    ];

    private readonly FaultOptions _options;
    private readonly int[] _ports;
    private readonly PortalProcess?[] _portals;

    private World(FaultOptions options, string folder)
    {
        _options = options;
        Folder = folder;
        Disk = SmallDisk.Make(Path.Combine(folder, "disk"), options.Keep);
        _ports = [.. Enumerable.Range(0, options.Portals).Select(_ => Programs.FreePort())];
        _portals = new PortalProcess?[options.Portals];
    }

    public string Folder { get; }

    public SmallDisk Disk { get; }

    public PostgresProcess Server { get; private set; } = null!;

    public DatabaseProxy Network { get; private set; } = null!;

    public SandboxProcess Sandbox { get; private set; } = null!;

    public SandboxControl Control { get; private set; } = null!;

    /// <summary>The rooms in the driver's own process, over the same network as the portals.</summary>
    public WebApplication Rooms { get; private set; } = null!;

    /// <summary>Straight to the database, for checks.</summary>
    public Database Books { get; private set; } = null!;

    public IReadOnlyList<Customer> Customers { get; private set; } = [];

    public int Portals => _ports.Length;

    public static async Task<World> BuildAsync(FaultOptions options)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"portal-faults-{Environment.ProcessId}");
        Directory.CreateDirectory(folder);
        var world = new World(options, folder);
        try
        {
            await world.StartAsync();
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    public Uri PortalAddress(int portal) => new($"http://127.0.0.1:{_ports[portal]}");

    public PortalProcess Portal(int portal) => _portals[portal] ?? throw new InvalidOperationException($"Portal {portal} was not started.");

    /// <summary>Starts it on its own port, as a service manager would; returns when it is ready.</summary>
    public async Task StartPortalAsync(int portal)
    {
        if (_portals[portal] is { } former)
        {
            await former.DisposeAsync();
        }

        _portals[portal] = PortalProcess.Launch(Owner(Network.Port), Sandbox.Address, new Dictionary<string, string>
        {
            ["Data__Path"] = Path.Combine(Folder, "data"),
            ["Logging__LogLevel__Default"] = "Information",
            ["Logging__LogLevel__System.Net.Http"] = "Warning",
            ["App__PublicUrl"] = PortalAddress(0).ToString().TrimEnd('/'),
        }, _ports[portal], Path.Combine(Folder, $"portal-{portal}.log"));
        await Portal(portal).WaitUntilReadyAsync(TimeSpan.FromMinutes(3));
    }

    /// <summary>A job as the operator starts it; its exit code.</summary>
    public async Task<int> RunJobAsync(string name)
    {
        await using var job = PortalProcess.RunVerb(Owner(Network.Port), Sandbox.Address, new Dictionary<string, string>
        {
            ["Data__Path"] = Path.Combine(Folder, "data"),
            ["App__PublicUrl"] = PortalAddress(0).ToString().TrimEnd('/'),
        }, "job", name);
        await job.WaitForExitAsync();
        return job.ExitCode;
    }

    /// <summary>Everything a fault may have left behind is mended: what an operator would do.</summary>
    /// <returns>What had to be started again.</returns>
    public async Task<IReadOnlyList<string>> MendAsync()
    {
        List<string> mended = [];
        Network.Heal();
        Disk.Free();
        if (!await AnswersAsync())
        {
            await Server.KillAsync();
            await Server.StartAgainAsync();
            mended.Add("database");
        }

        for (var portal = 0; portal < Portals; portal++)
        {
            Portal(portal).Process.Resume();
            if (Portal(portal).Process.HasExited)
            {
                await StartPortalAsync(portal);
                mended.Add($"portal {portal}");
            }
        }

        await Control.ClearFaultsAsync();
        await Control.ClearWebhookRulesAsync();
        return mended;
    }

    /// <summary>Whether the database takes a write within some seconds.</summary>
    public async Task<bool> AnswersAsync()
    {
        for (var attempt = 0; attempt < 20; attempt++)
        {
            try
            {
                await using var connection = new NpgsqlConnection(Owner(Server.Port) + ";Pooling=false;Timeout=5;Command Timeout=5");
                await connection.OpenAsync();
                await using var write = new NpgsqlCommand("CREATE TEMP TABLE t (x int); SELECT txid_current()", connection);
                await write.ExecuteNonQueryAsync();
                return true;
            }
            catch (NpgsqlException)
            {
                if (Server.Process.HasExited)
                {
                    return false;
                }

                await Task.Delay(250);
            }
        }

        return false;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var portal in _portals.OfType<PortalProcess>())
        {
            await portal.DisposeAsync();
        }

        await (Rooms?.DisposeAsync() ?? default);
        await (Books?.DisposeAsync() ?? default);
        Control?.Dispose();
        await (Sandbox?.DisposeAsync() ?? default);
        await (Network?.DisposeAsync() ?? default);
        await (Server?.DisposeAsync() ?? default);
        Disk.Dispose();
        if (!_options.Keep)
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    private static string Owner(int port) =>
        $"Host=127.0.0.1;Port={port};Username={PostgresProcess.Administrator};Database={DatabaseName};Include Error Detail=true";

    private async Task StartAsync()
    {
        Server = await PostgresProcess.StartAsync(
            Path.Combine(Disk.Folder, "postgres"), ServerSettings, outputFile: Path.Combine(Folder, "postgres.log"));
        await using (var source = NpgsqlDataSource.Create(Server.Owner()))
        {
            await using var create = source.CreateCommand($"CREATE DATABASE {DatabaseName}");
            await create.ExecuteNonQueryAsync();
        }

        var connections = ConnectionStrings.FromOwner(Owner(Server.Port));
        await new Migrator(connections, NullLogger<Migrator>.Instance).MigrateAsync();
        // Unpooled: what the checks are told must not depend on which connections a fault has broken.
        Books = new Database(ConnectionStrings.FromOwner(Owner(Server.Port) + ";Pooling=false"));
        Network = new DatabaseProxy(Server.Port);
        Sandbox = await SandboxProcess.StartAsync(new Dictionary<string, string>
        {
            ["Sandbox__PortalUrl"] = PortalAddress(0).ToString(),
            ["Sandbox__WebhookRetrySeconds__0"] = "1",
            ["Sandbox__WebhookRetrySeconds__1"] = "2",
            ["Sandbox__WebhookRetrySeconds__2"] = "5",
            ["Sandbox__WebhookRetrySeconds__3"] = "10",
            ["Sandbox__WebhookRetrySeconds__4"] = "20",
            ["Sandbox__WebhookRetrySeconds__5"] = "30",
        }, outputFile: Path.Combine(Folder, "sandbox.log"));
        Control = new SandboxControl(Sandbox.Address);
        await Task.WhenAll(Enumerable.Range(0, Portals).Select(StartPortalAsync));
        Rooms = await Scene.Rooms.OpenAsync(Owner(Network.Port), Sandbox.Address, PortalAddress(0));
        List<Customer> customers = [];
        for (var index = 0; index < Planning.Plan.Customers; index++)
        {
            customers.Add(await CustomerAsync(index));
        }

        Customers = customers;
    }

    private async Task<Customer> CustomerAsync(int index)
    {
        var tenants = Rooms.Services.GetRequiredService<TenantService>();
        var cards = Rooms.Services.GetRequiredService<CardService>();
        var tenant = await tenants.CreateAsync(new NewTenant($"customer-{index}", $"Customer {index}", Unit.Credits));
        var mailbox = $"owner-{index}@customers.example";
        await tenants.AddMemberAsync(tenant.Id, new NewPerson(mailbox, "Olive Owner", "faults-Passw0rd-for-all"), MemberRole.Owner);
        var key = await tenants.CreateApiKeyAsync(tenant.Id, "program", ApiScopes.All);
        var customer = await cards.EnsureCustomerAsync(tenant.Id);
        var (_, setUp) = await Control.StripeAsync("setup_intents", key: null,
            ("customer", customer), ("payment_method", "pm_card_visa"), ("confirm", "true"),
            ("automatic_payment_methods[enabled]", "true"), ("automatic_payment_methods[allow_redirects]", "never"));
        var card = (string)setUp["payment_method"]!;
        await cards.SaveAsync(card, tenant.Id);
        return new Customer(index, tenant.Id, key.Text, customer, card, mailbox);
    }
}
