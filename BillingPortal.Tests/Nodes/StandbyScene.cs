using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Processes;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace BillingPortal.Tests.Nodes;

/// <summary>
/// A durable primary, a synchronous standby made by pg_basebackup, a tenant with credits, and a portal as a process that knows both
/// servers.
/// </summary>
public sealed class StandbyScene : IAsyncLifetime
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"portal-standby-{Ids.New()}");
    private PostgresProcess _primary = null!;
    private PostgresProcess _standby = null!;
    private SandboxFixture _sandbox = null!;
    private string _apiKey = "";

    public Guid TenantId { get; private set; }

    public PortalProcess Portal { get; private set; } = null!;

    /// <summary>Both servers, quick to notice which of them takes writes.</summary>
    public string Both => string.Create(
        CultureInfo.InvariantCulture,
        $"Host=127.0.0.1:{_primary.Port},127.0.0.1:{_standby.Port};Username={PostgresProcess.Administrator};Database=postgres;"
        + $"Timeout=5;Command Timeout=3;Host Recheck Seconds=1");

    public async ValueTask InitializeAsync()
    {
        _sandbox = new SandboxFixture();
        await _sandbox.InitializeAsync();
        Directory.CreateDirectory(_folder);
        File.SetUnixFileMode(_folder, (UnixFileMode)0b111_111_111); // the server's user makes its folders there
        _primary = await PostgresProcess.StartAsync(Path.Combine(_folder, "primary"), ["max_wal_senders=4"]);
        await new Migrator(ConnectionStrings.FromOwner(_primary.Owner()), NullLogger<Migrator>.Instance).MigrateAsync();
        await FollowAsync();
        await using (var setup = new SetupPortal(Both))
        {
            await setup.InitializeAsync();
            var tenant = await setup.TenantAsync();
            TenantId = tenant.Id;
            _apiKey = (await setup.TenantService.CreateApiKeyAsync(tenant.Id, "standby", ApiScopes.All)).Text;
            await CreditAsync();
        }

        Portal = await PortalProcess.StartAsync(
            Both, _sandbox.BaseUri, new Dictionary<string, string> { ["Logging__LogLevel__Default"] = "Warning" });
    }

    public async ValueTask DisposeAsync()
    {
        await Portal.DisposeAsync();
        await _standby.DisposeAsync();
        await _primary.DisposeAsync();
        await _sandbox.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    public HttpClient Client()
    {
        var client = new HttpClient { BaseAddress = Portal.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _apiKey);
        return client;
    }

    public void PauseStandby() => _standby.Pause();

    public void ResumeStandby() => _standby.Resume();

    /// <summary>SIGKILL to the primary; then the standby is told that it is the primary now.</summary>
    public async Task FailOverAsync()
    {
        await _primary.KillAsync();
        await ScalarAsync<bool>(_standby, "SELECT pg_promote()");
    }

    public Task<T> OnPrimaryAsync<T>(string sql, params object[] values) => ScalarAsync<T>(_primary, sql, values);

    public Task<T> OnStandbyAsync<T>(string sql, params object[] values) => ScalarAsync<T>(_standby, sql, values);

    public async Task AssertBooksAsync()
    {
        await using var database = new Database(ConnectionStrings.FromOwner(_standby.Owner()));
        Assert.Empty((await new LedgerAudit(database, TimeProvider.System).RunAsync(full: true)).Violations);
    }

    public async Task EventuallyAsync(Func<Task<bool>> isSo, string what)
    {
        var patience = Stopwatch.StartNew();
        while (!await isSo())
        {
            if (patience.Elapsed > TimeSpan.FromMinutes(2))
            {
                Assert.Fail($"It never came to pass: {what}.{Environment.NewLine}{Portal.Output}");
            }

            await Task.Delay(50);
        }
    }

    private async Task FollowAsync()
    {
        var folder = Path.Combine(_folder, "standby");
        await PostgresProcess.RunAsync(
            "pg_basebackup", "-D", folder, "-R", "-X", "stream", "--no-sync", "--checkpoint=fast", "-d",
            $"host=127.0.0.1 port={_primary.Port} user={PostgresProcess.Administrator} application_name=standby");
        _standby = await PostgresProcess.StartAsync(folder);
        await ScalarAsync<object?>(_primary, "ALTER SYSTEM SET synchronous_standby_names = 'standby'");
        await ScalarAsync<bool>(_primary, "SELECT pg_reload_conf()");
        await EventuallyAsync(
            async () => await ScalarAsync<long>(_primary, "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'") == 1,
            "the standby follows synchronously");
    }

    private async Task CreditAsync()
    {
        await using var database = new Database(ConnectionStrings.FromOwner(Both));
        await using var ledger = new LedgerWriter(database, TimeProvider.System);
        await ledger.PostAsync(new Posting
        {
            TenantId = TenantId,
            Operation = LedgerOperation.Credit,
            Amount = Amount.Credits(1_000_000),
            Kind = EntryKind.Adjustment,
            Counter = CounterAccount.Adjustment,
            Key = Ids.New(),
            CauseType = "test",
            OccurredAt = TimeProvider.System.GetUtcNow(),
        });
    }

    private static async Task<T> ScalarAsync<T>(PostgresProcess server, string sql, params object[] values)
    {
        await using var connection = new NpgsqlConnection(server.Owner() + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return (T)(await command.ExecuteScalarAsync())!;
    }

    private sealed class SetupPortal(string both) : PortalHost
    {
        protected override IEnumerable<KeyValuePair<string, string>> Settings => [new("ConnectionStrings:BillingPortal", both)];
    }
}
