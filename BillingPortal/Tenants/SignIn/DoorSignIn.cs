using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace BillingPortal.Tenants.SignIn;

/// <summary>
/// Identity's sign-in, in which a lock-out can be made not to hold for one request (<see cref="PasswordDoor"/> says when).
/// </summary>
public sealed class DoorSignIn(
    UserManager<User> users, IHttpContextAccessor context, IUserClaimsPrincipalFactory<User> factory, IOptions<IdentityOptions> options,
    ILogger<SignInManager<User>> logger, IAuthenticationSchemeProvider schemes, IUserConfirmation<User> confirmation)
    : SignInManager<User>(users, context, factory, options, logger, schemes, confirmation)
{
    private static readonly object Key = new();

    /// <summary>For the rest of this request.</summary>
    public static void SpareFromLock(HttpContext context, bool isSpared) => context.Items[Key] = isSpared;

    protected override async Task<bool> IsLockedOut(User user) => Context.Items[Key] is not true && await base.IsLockedOut(user);
}
