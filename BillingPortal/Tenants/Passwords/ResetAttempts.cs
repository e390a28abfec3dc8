using System.Net;
using BillingPortal.Tenants.Throttling;

namespace BillingPortal.Tenants.Passwords;

/// <summary>
/// How often a new password may be asked for: three times in fifteen minutes for one email address, thirty times from one
/// network address. The same for addresses that nobody has.
/// </summary>
public sealed class ResetAttempts(AttemptThrottle throttle)
{
    public const int PerEmail = AttemptLimit.ResetsMax;

    public static TimeSpan Window => AttemptLimit.Reset.Window;

    /// <summary>False when the attempts are used up.</summary>
    public async Task<bool> TryTakeAsync(IPAddress? address, string email, CancellationToken cancellationToken)
    {
        // The address first: who has used it up takes nothing from the person.
        return await throttle.TryTakeAsync(AttemptLimit.ResetFrom, AttemptThrottle.Of(address), cancellationToken)
            && await throttle.TryTakeAsync(AttemptLimit.Reset, email.Trim().ToUpperInvariant(), cancellationToken);
    }
}
