using System.Globalization;
using System.Security.Claims;
using BillingPortal.Kernel;
using BillingPortal.Tenants.ApiTokens;

namespace BillingPortal.Tenants;

/// <summary>
/// The claims by which a session or an API key says who acts, and for which tenant. Written here, read by <see
/// cref="CurrentTenant"/>.
/// </summary>
internal static class SessionClaims
{
    public const string TenantId = "tenant_id";
    public const string TenantName = "tenant_name";
    public const string Plan = "tenant_plan";
    public const string TimeZone = "tenant_zone";
    public const string TenantCount = "tenant_count";
    public const string Role = "member_role";
    public const string StaffRole = "staff_role";
    public const string Scopes = "api_scopes";
    public const string ApiKeyId = "api_key_id";
    public const string ApiTokenId = "api_token_id";
    public const string RequestsPerMinute = "api_key_requests_per_minute";
    public const string Cron = "cron";

    /// <summary>The one tenant that a session by single sign-on is good for.</summary>
    public const string SingleSignOn = "sso_tenant";

    /// <summary>The short name of the person's tenant that a password does not open.</summary>
    public const string NeedsSingleSignOn = "sso_needed";
    public const string SecurityStamp = "stamp";
    public const string SessionId = "session_id";
    public const string ViewedBy = "viewed_by";
    public const string ViewId = "view_id";
    public const string ViewUntil = "view_until";

    public static IEnumerable<Claim> OfTenant(Tenant tenant) =>
    [
        new(TenantId, tenant.Id.ToString()),
        new(TenantName, tenant.Name),
        new(Plan, tenant.Plan.ToCode()),
        new(TimeZone, tenant.TimeZone),
    ];

    public static IEnumerable<Claim> OfUser(User user) =>
    [
        new(ClaimTypes.NameIdentifier, user.Id.ToString()),
        new(ClaimTypes.Name, user.Name),
        new(ClaimTypes.Email, user.Email),
        new(SecurityStamp, user.SecurityStamp),
    ];

    public static IEnumerable<Claim> OfKey(ApiKey key) =>
    [
        new(ApiKeyId, key.Id.ToString()),
        new(ClaimTypes.Name, key.Name),
        new(Scopes, ((int)key.Scopes).ToString(CultureInfo.InvariantCulture)),
        .. LimitOf(key),
    ];

    public static IEnumerable<Claim> OfToken(KnownApiToken token) =>
    [
        new(ApiTokenId, token.CallerId.ToString()),
        new(ClaimTypes.Name, token.Subject),
        new(Scopes, ((int)token.Scopes).ToString(CultureInfo.InvariantCulture)),
    ];

    private static Claim[] LimitOf(ApiKey key) => key.RequestsPerMinute is { } limit
        ? [new(RequestsPerMinute, limit.ToString(CultureInfo.InvariantCulture))]
        : [];

    /// <summary>The limit of the caller's API key, or null without one.</summary>
    public static int? RequestsPerMinuteOf(ClaimsPrincipal principal) =>
        int.TryParse(principal.FindFirstValue(RequestsPerMinute), NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            ? limit
            : null;

    public static ApiScopes ScopesOf(ClaimsPrincipal principal) =>
        int.TryParse(principal.FindFirstValue(Scopes), NumberStyles.None, CultureInfo.InvariantCulture, out var scopes)
            ? (ApiScopes)scopes & ApiScopes.All
            : ApiScopes.None;

    public static MemberRole? RoleOf(ClaimsPrincipal principal) => MemberRoles.Parse(principal.FindFirstValue(Role));

    public static StaffRole? StaffRoleOf(ClaimsPrincipal principal) =>
        StaffRoles.Parse(principal.FindFirstValue(StaffRole));

    public static Guid? GuidOf(ClaimsPrincipal principal, string type) =>
        Guid.TryParse(principal.FindFirstValue(type), out var id) ? id : null;
}
