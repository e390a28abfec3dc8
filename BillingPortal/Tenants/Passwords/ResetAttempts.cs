using System.Net;
using System.Threading.RateLimiting;

namespace BillingPortal.Tenants.Passwords;

/// <summary>
/// How often a new password may be asked for: three times in fifteen minutes for one email address, thirty times from one
/// network address. The same for addresses that nobody has.
/// </summary>
public sealed class ResetAttempts : IDisposable
{
    public const int PerEmail = 3;
    public const int PerAddress = 30;
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    private readonly PartitionedRateLimiter<string> _emails = Limiter(PerEmail);
    private readonly PartitionedRateLimiter<string> _addresses = Limiter(PerAddress);

    /// <summary>False when the attempts are used up.</summary>
    public bool TryTake(IPAddress? address, string email)
    {
        using var byAddress = _addresses.AttemptAcquire(address?.ToString() ?? "unknown");
        using var byEmail = _emails.AttemptAcquire(email.Trim().ToUpperInvariant());
        return byAddress.IsAcquired && byEmail.IsAcquired;
    }

    public void Dispose()
    {
        _emails.Dispose();
        _addresses.Dispose();
    }

    private static PartitionedRateLimiter<string> Limiter(int most) =>
        PartitionedRateLimiter.Create<string, string>(key =>
        RateLimitPartition.GetFixedWindowLimiter(key, _ => new FixedWindowRateLimiterOptions { PermitLimit = most, Window = Window }));
}
