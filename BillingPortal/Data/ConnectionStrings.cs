using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace BillingPortal.Data;

/// <summary>
/// How to reach one database under its three roles. Given one connection string (the owner's), the two lesser roles' passwords are
/// derived from the owner's, so that several processes agree without another secret to keep.
/// </summary>
/// <param name="Owner">Owns the schema; used by migrations alone.</param>
/// <param name="App">Role <c>portal_app</c>: one tenant at a time.</param>
/// <param name="Ops">Role <c>portal_ops</c>: jobs, webhooks, staff.</param>
public sealed record ConnectionStrings(string Owner, string App, string Ops)
{
    public const string AppRole = "portal_app";
    public const string OpsRole = "portal_ops";

    /// <summary>How this process's connections show in <c>pg_stat_activity</c>.</summary>
    public static string OwnName { get; } = $"BillingPortal {Environment.ProcessId}";

    public static ConnectionStrings FromOwner(string owner) =>
        new(Plain(owner), ForRole(owner, AppRole), ForRole(owner, OpsRole));

    /// <summary>The password that <see cref="FromOwner"/> puts into the role's connection string.</summary>
    public static string PasswordOf(string owner, string role)
    {
        var password = new NpgsqlConnectionStringBuilder(owner).Password ?? "";
        return Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(password), Encoding.UTF8.GetBytes(role)));
    }

    private static string ForRole(string owner, string role) => new NpgsqlConnectionStringBuilder(Plain(owner))
    {
        Username = role,
        Password = PasswordOf(owner, role),
        MaxPoolSize = 50,
    }.ConnectionString;

    /// <summary>
    /// A connection string as the portal needs it: session state neither leaks from one tenant's transaction into the next nor is
    /// shared between two at once; of several hosts (a primary and its standbys) it means the one that takes writes.
    /// </summary>
    internal static string Plain(string configured)
    {
        var settings = new NpgsqlConnectionStringBuilder(configured)
        {
            NoResetOnClose = false,
            Multiplexing = false,
            ApplicationName = OwnName,
        };
        settings.TargetSessionAttributes = HasSeveralHosts(settings) ? "primary" : null;
        if (!settings.TcpKeepAlive)
        {
            // Commits wait without a limit: a server that vanished without a word has to be noticed by the connection itself.
            (settings.TcpKeepAlive, settings.TcpKeepAliveTime, settings.TcpKeepAliveInterval) = (true, 10, 5);
        }

        return settings.ConnectionString;
    }

    /// <summary>A data source over it. With several hosts every connection goes to the primary of that moment.</summary>
    internal static NpgsqlDataSource Source(string connectionString, string name)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        if (!HasSeveralHosts(settings))
        {
            return new NpgsqlDataSourceBuilder(connectionString) { Name = name }.Build();
        }

        settings.TargetSessionAttributes = null; // said by the wrapper
        return new NpgsqlDataSourceBuilder(settings.ConnectionString) { Name = name }.BuildMultiHost()
            .WithTargetSession(TargetSessionAttributes.Primary);
    }

    private static bool HasSeveralHosts(NpgsqlConnectionStringBuilder settings) =>
        settings.Host?.Contains(',', StringComparison.Ordinal) is true;
}
