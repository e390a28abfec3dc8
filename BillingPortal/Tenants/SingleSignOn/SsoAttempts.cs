using System.Net;
using System.Threading.RateLimiting;

namespace BillingPortal.Tenants.SingleSignOn;

/// <summary>
/// How often one address may begin a sign-in: 300 times a minute, because a whole company comes from one at nine in the morning. There is
/// nothing to guess here; it spares the database and the issuers.
/// </summary>
public sealed class SsoAttempts : IDisposable
{
    private const int PerAddressAMinute = 300;

    private readonly PartitionedRateLimiter<string> _addresses = PartitionedRateLimiter.Create<string, string>(key =>
        RateLimitPartition.GetFixedWindowLimiter(key, _ => new FixedWindowRateLimiterOptions
        {
            PermitLimit = PerAddressAMinute,
            Window = TimeSpan.FromMinutes(1),
        }));

    /// <summary>False when this minute's attempts are used up.</summary>
    public bool TryTake(IPAddress? address)
    {
        using var taken = _addresses.AttemptAcquire(address?.ToString() ?? "unknown");
        return taken.IsAcquired;
    }

    public void Dispose() => _addresses.Dispose();
}
