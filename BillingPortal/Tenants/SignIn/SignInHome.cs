using System.Security.Claims;

namespace BillingPortal.Tenants.SignIn;

/// <summary>Where a session begins.</summary>
internal static class SignInHome
{
    public static string Of(ClaimsPrincipal session) =>
        SessionClaims.StaffRoleOf(session) is not null ? "/staff" : SessionClaims.RoleOf(session) is not null ? "/" : "/account";
}
