using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using BillingPortal.Data;
using BillingPortal.Tenants.SignIn;
using NpgsqlTypes;

namespace BillingPortal.Tenants.Throttling;

/// <summary>
/// Counts tries in PostgreSQL, so that all processes give one limit together. A try during a wait does not lengthen it, and nobody is
/// shut out for good. A wait that is known is answered without a statement: a flood leaves the connections to others.
/// It never refuses anybody itself.
/// </summary>
public sealed partial class AttemptThrottle(Database database, TimeProvider clock, ILogger<AttemptThrottle> logger)
    : IDisposable
{
    private const int Ipv6NetworkBytes = 8;

    // One statement, so that racing tries are counted one after the other. An hour's quiet forgives.
    private const string Take =
        """
        INSERT INTO attempt_counts AS known (key, used, waits, window_ends_at) VALUES ($1, 1, 0, $2 + $4)
        ON CONFLICT (key) DO UPDATE SET
          used = CASE WHEN known.window_ends_at <= $2 THEN 1 ELSE least(known.used + 1, 1000000) END,
          waits = CASE
            WHEN known.window_ends_at > $2 THEN CASE WHEN known.used = $3 THEN least(known.waits + 1, 20) ELSE known.waits END
            WHEN known.used > $3 AND known.window_ends_at > $2 - interval '1 hour' THEN known.waits
            ELSE 0 END,
          window_ends_at = CASE
            WHEN known.window_ends_at <= $2 THEN $2 + $4
            WHEN known.used = $3 THEN $2 + least($4 * power(2, known.waits), $5)
            ELSE known.window_ends_at END
        RETURNING CASE WHEN used > $3 THEN window_ends_at END
        """;

    private readonly KnownWaits _waits = new(clock);

    /// <summary>This try counted: false when it is one too many.</summary>
    public async Task<bool> TryTakeAsync(AttemptLimit limit, string subject, CancellationToken cancellationToken = default)
    {
        var hash = HashOf(limit, subject);
        var key = Convert.ToHexString(hash);
        if (IsKnown(key))
        {
            return false;
        }

        await using var connection = await database.Ops.OpenConnectionAsync(cancellationToken);
        if (IsKnown(key))
        {
            return false; // refused while this one waited for a connection
        }

        await using var command = connection.CreateCommand();
        command.CommandText = Take;
        command.Parameters.AddWithValue(hash);
        command.Parameters.AddWithValue(NpgsqlDbType.TimestampTz, clock.GetUtcNow());
        command.Parameters.AddWithValue(limit.Most);
        command.Parameters.AddWithValue(NpgsqlDbType.Interval, limit.Window);
        command.Parameters.AddWithValue(NpgsqlDbType.Interval, limit.WaitMax);
        if (await command.ExecuteScalarAsync(cancellationToken) is not DateTime end)
        {
            return true;
        }

        _waits.Add(key, end);
        SignInMetrics.Came("throttled");
        LogExceeded(logger, limit.What);
        return false;
    }

    /// <summary>Whether the subject is known to wait still. Counts no try and asks no database.</summary>
    public bool IsWaiting(AttemptLimit limit, string subject) => IsKnown(Convert.ToHexString(HashOf(limit, subject)));

    /// <summary>Forgets counts that are over and forgiven; how many that were.</summary>
    public async Task<int> SweepAsync(int most, CancellationToken cancellationToken = default)
    {
        await using var command = database.Ops.CreateCommand(
            """
            DELETE FROM attempt_counts WHERE ctid = ANY (ARRAY(
              SELECT ctid FROM attempt_counts WHERE window_ends_at < $1 ORDER BY window_ends_at LIMIT $2))
            """);
        command.Parameters.AddWithValue(NpgsqlDbType.TimestampTz, clock.GetUtcNow().AddHours(-1));
        command.Parameters.AddWithValue(most);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Whom an address belongs to: of IPv6 the network, for one subscriber has 2^64 addresses in it.</summary>
    public static string Of(IPAddress? address)
    {
        if (address is null)
        {
            return "unknown";
        }

        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return plain.AddressFamily is AddressFamily.InterNetworkV6
            ? Convert.ToHexStringLower(plain.GetAddressBytes().AsSpan(0, Ipv6NetworkBytes))
            : plain.ToString();
    }

    public void Dispose() => _waits.Dispose();

    // Logged when it began; a flood must not fill the log too.
    private bool IsKnown(string key)
    {
        var isKnown = _waits.Has(key);
        if (isKnown)
        {
            SignInMetrics.Came("throttled");
        }

        return isKnown;
    }

    private static byte[] HashOf(AttemptLimit limit, string subject) =>
        SHA256.HashData(Encoding.UTF8.GetBytes($"{limit.What}\n{subject}"));

    [LoggerMessage(LogLevel.Warning, "Too many attempts of the kind {Kind}")]
    private static partial void LogExceeded(ILogger logger, string kind);
}
