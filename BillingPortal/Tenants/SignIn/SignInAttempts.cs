using System.Net;
using System.Threading.RateLimiting;

namespace BillingPortal.Tenants.SignIn;

/// <summary>
/// Slows guessing down before a password is even looked at: ten attempts a minute per address and user, sixty per
/// address. The lock-out of the user comes on top and counts over all processes.
/// </summary>
public sealed class SignInAttempts : IDisposable
{
    private const int PerUserAMinute = 10;
    private const int PerAddressAMinute = 60;

    private readonly PartitionedRateLimiter<string> _users = Limiter(PerUserAMinute);
    private readonly PartitionedRateLimiter<string> _addresses = Limiter(PerAddressAMinute);

    /// <summary>False when this minute's attempts are used up.</summary>
    public bool TryTake(IPAddress? address, string user)
    {
        var from = address?.ToString() ?? "unknown";
        using var byAddress = _addresses.AttemptAcquire(from);
        using var byUser = _users.AttemptAcquire($"{from} {user.Trim().ToUpperInvariant()}");
        return byAddress.IsAcquired && byUser.IsAcquired;
    }

    /// <summary>Where nothing names a user, and nothing could be guessed.</summary>
    public bool TryTake(IPAddress? address)
    {
        using var byAddress = _addresses.AttemptAcquire(address?.ToString() ?? "unknown");
        return byAddress.IsAcquired;
    }

    public void Dispose()
    {
        _users.Dispose();
        _addresses.Dispose();
    }

    private static PartitionedRateLimiter<string> Limiter(int aMinute) =>
        PartitionedRateLimiter.Create<string, string>(key =>
        RateLimitPartition.GetFixedWindowLimiter(key, _ => new FixedWindowRateLimiterOptions
        {
            PermitLimit = aMinute,
            Window = TimeSpan.FromMinutes(1),
        }));
}
