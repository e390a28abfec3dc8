using System.Net;
using BillingPortal.Tenants.Throttling;

namespace BillingPortal.Tenants.SignIn;

/// <summary>
/// Slows guessing down before a password is even looked at. The lock-out of the person comes on top, and does not hold where the
/// person has signed in before (<see cref="PasswordDoor"/>).
/// </summary>
public sealed class SignInAttempts(AttemptThrottle throttle)
{
    /// <summary>False when the attempts are used up.</summary>
    public async Task<bool> TryTakeAsync(IPAddress? address, string user, CancellationToken cancellationToken)
    {
        var from = AttemptThrottle.Of(address);
        if (throttle.IsWaiting(AttemptLimit.Address, from))
        {
            return false; // whoever it names
        }

        // Both count, whatever the first says: an answer must not depend on which of them it was.
        var byAddress = await throttle.TryTakeAsync(AttemptLimit.Address, from, cancellationToken);
        var byPerson = await throttle.TryTakeAsync(
            AttemptLimit.Person, $"{from} {user.Trim().ToUpperInvariant()}", cancellationToken);
        return byAddress && byPerson;
    }

    /// <summary>Where nothing names a person, and nothing could be guessed.</summary>
    public Task<bool> TryTakeAsync(IPAddress? address, CancellationToken cancellationToken) =>
        throttle.TryTakeAsync(AttemptLimit.Address, AttemptThrottle.Of(address), cancellationToken);
}
