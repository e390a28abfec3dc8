using System.Net;
using BillingPortal.Tenants.Throttling;

namespace BillingPortal.Tenants.SingleSignOn;

/// <summary>How often one address may begin a sign-in. There is nothing to guess here; it spares the database and the issuers.</summary>
public sealed class SsoAttempts(AttemptThrottle throttle)
{
    /// <summary>False when the attempts are used up.</summary>
    public Task<bool> TryTakeAsync(IPAddress? address, CancellationToken cancellationToken) =>
        throttle.TryTakeAsync(AttemptLimit.SingleSignOn, AttemptThrottle.Of(address), cancellationToken);
}
