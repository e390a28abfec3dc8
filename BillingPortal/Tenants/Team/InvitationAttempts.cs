using System.Net;
using BillingPortal.Tenants.Throttling;

namespace BillingPortal.Tenants.Team;

/// <summary>Slows down whoever tries links: sixty pages and ten forms a minute per address.</summary>
public sealed class InvitationAttempts(AttemptThrottle throttle)
{
    /// <summary>False when the share is used up.</summary>
    public Task<bool> TryTakeAsync(IPAddress? address, bool isForm, CancellationToken cancellationToken) =>
        throttle.TryTakeAsync(
            isForm ? AttemptLimit.InvitationForm : AttemptLimit.InvitationView, AttemptThrottle.Of(address), cancellationToken);
}
