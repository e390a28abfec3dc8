using System.Net;
using System.Threading.RateLimiting;

namespace BillingPortal.Tenants.Team;

/// <summary>Slows down whoever tries links: sixty pages and ten forms a minute per address.</summary>
public sealed class InvitationAttempts : IDisposable
{
    private const int ViewsAMinute = 60;
    private const int FormsAMinute = 10;

    private readonly PartitionedRateLimiter<string> _views = Limiter(ViewsAMinute);
    private readonly PartitionedRateLimiter<string> _forms = Limiter(FormsAMinute);

    /// <summary>False when this minute's share is used up.</summary>
    public bool TryTake(IPAddress? address, bool isForm)
    {
        using var lease = (isForm ? _forms : _views).AttemptAcquire(address?.ToString() ?? "unknown");
        return lease.IsAcquired;
    }

    public void Dispose()
    {
        _views.Dispose();
        _forms.Dispose();
    }

    private static PartitionedRateLimiter<string> Limiter(int aMinute) => PartitionedRateLimiter.Create<string, string>(key =>
        RateLimitPartition.GetFixedWindowLimiter(key, _ => new FixedWindowRateLimiterOptions
        {
            PermitLimit = aMinute,
            Window = TimeSpan.FromMinutes(1),
        }));
}
