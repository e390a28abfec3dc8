using System.Globalization;
using System.Security.Claims;
using BillingPortal.Kernel;
using BillingPortal.Tenants.Viewing;

namespace BillingPortal.Tenants;

/// <summary>
/// For whom this request or circuit acts. Filled from the session or the API key alone, never from a path, a query
/// or a body; the same for HTTP (by middleware) and for circuits (by <see cref="TenantCircuitHandler"/>).
/// </summary>
public sealed class CurrentTenant
{
    private ClaimsPrincipal _principal = new();
    private Guid? _tenantId;

    /// <summary>False for staff, cron callers and strangers.</summary>
    public bool IsPresent => _tenantId is not null;

    /// <exception cref="InvalidOperationException">Nobody's session: the entrance lacks a tenant policy.</exception>
    public Guid Id => _tenantId
        ?? throw new InvalidOperationException("This session has no tenant. Does the entrance require one of the tenant policies?");

    public string Name { get; private set; } = "";

    public Unit Plan { get; private set; } = Unit.Credits;

    /// <summary>IANA name.</summary>
    public string TimeZone { get; private set; } = "UTC";

    /// <summary>Null for API keys.</summary>
    public MemberRole? Role { get; private set; }

    /// <summary>Null for tenants' members and API keys.</summary>
    public StaffRole? StaffRole { get; private set; }

    /// <summary>Null for API keys, and for staff that looks at a tenant: they are nobody's member.</summary>
    public Guid? UserId { get; private set; }

    /// <summary>Staff that looks at this tenant's portal, read-only; null for everybody else.</summary>
    public TenantView? View { get; private set; }

    /// <summary>The person's name, or the API key's.</summary>
    public string? UserName { get; private set; }

    /// <summary>True for a session by single sign-on, which is good for this tenant alone.</summary>
    public bool IsBySingleSignOn { get; private set; }

    /// <summary>How many tenants the person belongs to.</summary>
    public int TenantCount { get; private set; }

    /// <summary>
    /// May buy, charge saved cards and change auto-recharge: owner, billing admin, or a key with the scope billing.
    /// </summary>
    public bool CanPay { get; private set; }

    /// <summary>May change the team and the API keys: owners only.</summary>
    public bool CanManage => Role is MemberRole.Owner;

    internal ClaimsPrincipal Principal => _principal;

    internal void Enter(ClaimsPrincipal principal)
    {
        _principal = principal;
        _tenantId = SessionClaims.GuidOf(principal, SessionClaims.TenantId);
        Name = principal.FindFirstValue(SessionClaims.TenantName) ?? "";
        Plan = Units.Parse(principal.FindFirstValue(SessionClaims.Plan)) ?? Unit.Credits;
        TimeZone = principal.FindFirstValue(SessionClaims.TimeZone) ?? "UTC";
        Role = SessionClaims.RoleOf(principal);
        StaffRole = SessionClaims.StaffRoleOf(principal);
        View = TenantView.Of(principal);
        UserId = View is null ? SessionClaims.GuidOf(principal, ClaimTypes.NameIdentifier) : null;
        IsBySingleSignOn = principal.HasClaim(claim => claim.Type == SessionClaims.SingleSignOn);
        UserName = principal.FindFirstValue(ClaimTypes.Name);
        TenantCount = int.TryParse(principal.FindFirstValue(SessionClaims.TenantCount), CultureInfo.InvariantCulture, out var count)
            ? count
            : 0;
        CanPay = Role is MemberRole.Owner or MemberRole.BillingAdmin
            || SessionClaims.ScopesOf(principal).HasFlag(ApiScopes.Billing);
    }
}
