using System.Security.Claims;
using BillingPortal.Tenants.SingleSignOn;

namespace BillingPortal.Tenants.SignIn;

/// <summary>Where a session begins.</summary>
internal static class SignInHome
{
    public static string Of(ClaimsPrincipal session) =>
        session.FindFirstValue(SessionClaims.NeedsSingleSignOn) is { } slug ? $"{SsoAddresses.Start}/{slug}"
        : SessionClaims.StaffRoleOf(session) is not null ? "/staff" : SessionClaims.RoleOf(session) is not null ? "/" : "/account";
}
