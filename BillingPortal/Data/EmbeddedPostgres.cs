using Npgsql;

namespace BillingPortal.Data;

/// <summary>
/// The database of a developer's machine: used when no connection string is configured. The first process starts the server, later ones
/// (a second portal, a command beside it) attach to it, and the last one to leave stops it. A server that outlived a killed portal
/// is taken over.
/// </summary>
public sealed class EmbeddedPostgres : IAsyncDisposable
{
    private const string Administrator = "portal_admin";
    private const string DatabaseName = "billing_portal";

    private readonly PostgresCluster? _cluster;
    private readonly string _lockFile;

    private EmbeddedPostgres(ConnectionStrings connections, PostgresCluster? cluster, string lockFile)
    {
        Connections = connections;
        _cluster = cluster;
        _lockFile = lockFile;
    }

    public ConnectionStrings Connections { get; }

    /// <summary>False when a connection string was configured: that database is migrated by its operator, not by the start.</summary>
    public bool IsEmbedded => _cluster is not null;

    /// <exception cref="EmbeddedPostgresException">No database can be had; the message says what to do.</exception>
    public static async Task<EmbeddedPostgres> AttachAsync(IConfiguration configuration, IHostEnvironment environment)
    {
        if (configuration.GetConnectionString("BillingPortal") is { Length: > 0 } configured)
        {
            return new EmbeddedPostgres(Configured(configuration, configured), cluster: null, lockFile: "");
        }

        if (environment.IsProduction())
        {
            throw new EmbeddedPostgresException(
                "ConnectionStrings:BillingPortal is not set. In Production the portal needs its own PostgreSQL.");
        }

        var folder = configuration["Data:Path"] ?? Path.Combine(environment.ContentRootPath, ".data");
        Directory.CreateDirectory(folder);
        var lockFile = Path.Combine(folder, "postgres.lock");
        var cluster = new PostgresCluster(Path.GetFullPath(folder), Administrator);
        using (await LockAsync(lockFile))
        {
            cluster.StartUnlessRunning();
            await cluster.EnsureDatabaseAsync(DatabaseName);
        }

        var owner = cluster.ConnectionString(DatabaseName);
        return new EmbeddedPostgres(ConnectionStrings.FromOwner(owner), cluster, lockFile);
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is null)
        {
            return;
        }

        NpgsqlConnection.ClearAllPools();
        using (await LockAsync(_lockFile))
        {
            if (!await _cluster.HasOtherClientsAsync())
            {
                _cluster.Stop();
            }
        }
    }

    private static ConnectionStrings Configured(IConfiguration configuration, string owner)
    {
        var derived = ConnectionStrings.FromOwner(owner);
        return derived with
        {
            App = Plain("BillingPortalApp") ?? derived.App,
            Ops = Plain("BillingPortalOps") ?? derived.Ops,
        };

        string? Plain(string name) =>
            configuration.GetConnectionString(name) is { Length: > 0 } given ? ConnectionStrings.Plain(given) : null;
    }

    // Two processes may start, or one start while another stops: one at a time.
    private static async Task<FileStream> LockAsync(string path)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (attempt < 300)
            {
                await Task.Delay(100);
            }
        }
    }
}
