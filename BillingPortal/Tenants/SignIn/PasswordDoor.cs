using BillingPortal.Tenants.Sessions;
using BillingPortal.Tenants.Throttling;
using Microsoft.AspNetCore.Identity;

namespace BillingPortal.Tenants.SignIn;

/// <summary>
/// Email and password. Whoever the address is, and whether it is locked, a password is hashed once: no answer comes sooner than
/// another. Five wrong passwords lock the person out for strangers, not in a browser in which the person has signed in before;
/// that one has an allowance of its own (the device cookies of OWASP).
/// </summary>
public sealed partial class PasswordDoor(
    UserManager<User> users, DoorSignIn signIn, SessionService sessions, AttemptThrottle throttle, ILogger<PasswordDoor> logger)
{
    private static readonly User Nobody = new() { Id = Guid.Empty, Email = "", Name = "", CreatedAt = default };

    // Made at the first use, at the price that every other hash has.
    private static string? _nobodysHash;

    public async Task<SignInResult> EnterAsync(HttpContext context, string email, string password, bool staySignedIn)
    {
        var user = await users.FindByEmailAsync(email.Trim());
        var isOwn = user is not null && await IsOwnBrowserAsync(context, user);
        if (isOwn && !await IsAllowedAsync(context, $"{user!.Id} {SessionTickets.DeviceHashOf(context)}"))
        {
            isOwn = false; // like any other browser from now on
        }

        if (user?.PasswordHash is null || (!isOwn && await users.IsLockedOutAsync(user)))
        {
            var hasher = users.PasswordHasher;
            hasher.VerifyHashedPassword(Nobody, _nobodysHash ??= hasher.HashPassword(Nobody, "nobody's password"), password);
            LogRefused(logger, user?.Id, "nobody's, or locked");
            return SignInResult.Failed;
        }

        DoorSignIn.SpareFromLock(context, isOwn);
        var result = await signIn.PasswordSignInAsync(user, password, staySignedIn, lockoutOnFailure: !isOwn);
        if (result is { Succeeded: false, RequiresTwoFactor: false })
        {
            LogRefused(logger, user.Id, result.IsLockedOut ? "locked now" : "wrong password");
        }

        return result;
    }

    /// <summary>Before a second step is tried: in the person's own browser a lock-out by strangers does not hold.</summary>
    public async Task SpareAsync(HttpContext context, User user) => DoorSignIn.SpareFromLock(
        context,
        await IsOwnBrowserAsync(context, user)
            && await IsAllowedAsync(context, $"{user.Id} code {SessionTickets.DeviceHashOf(context)}"));

    /// <summary>An authenticator's code is good once: whoever reads it over a shoulder comes too late.</summary>
    public Task<bool> IsFreshAsync(User user, string code, CancellationToken cancellationToken) =>
        throttle.TryTakeAsync(AttemptLimit.Code, $"{user.Id} {code}", cancellationToken);

    private Task<bool> IsAllowedAsync(HttpContext context, string browser) =>
        throttle.TryTakeAsync(AttemptLimit.OwnBrowser, browser, context.RequestAborted);

    private async Task<bool> IsOwnBrowserAsync(HttpContext context, User user) =>
        SessionTickets.DeviceHashOf(context) is { } device && await sessions.KnowsAsync(user.Id, device, context.RequestAborted);

    [LoggerMessage(LogLevel.Information, "A sign-in by password is refused; person {PersonId}: {Reason}")]
    private static partial void LogRefused(ILogger logger, Guid? personId, string reason);
}
