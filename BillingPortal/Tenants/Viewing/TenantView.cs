using System.Globalization;
using System.Security.Claims;

namespace BillingPortal.Tenants.Viewing;

/// <summary>
/// One look of one of the staff at one tenant's portal, read-only, as the session carries it. Its claims alone open nothing:
/// <see cref="TenantViews"/> knows which looks were begun and not ended.
/// </summary>
/// <param name="Id">Also the audit lines' subject.</param>
/// <param name="StaffId">Who looks.</param>
/// <param name="TenantId">At whom.</param>
/// <param name="Until">At the latest; real time.</param>
public sealed record TenantView(Guid Id, Guid StaffId, Guid TenantId, DateTimeOffset Until)
{
    /// <summary>Null for everybody who does not look at a tenant.</summary>
    public static TenantView? Of(ClaimsPrincipal session)
    {
        if (SessionClaims.GuidOf(session, SessionClaims.ViewedBy) is not { } staff)
        {
            return null;
        }

        // Half a look is one that has ended long ago: it must never pass for a member's session.
        var until = long.TryParse(
            session.FindFirstValue(SessionClaims.ViewUntil), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && seconds < DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : DateTimeOffset.UnixEpoch;
        return new TenantView(
            SessionClaims.GuidOf(session, SessionClaims.ViewId) ?? Guid.Empty, staff,
            SessionClaims.GuidOf(session, SessionClaims.TenantId) ?? Guid.Empty, until);
    }

    internal IEnumerable<Claim> Claims =>
    [
        new(SessionClaims.ViewedBy, StaffId.ToString()),
        new(SessionClaims.ViewId, Id.ToString()),
        new(SessionClaims.ViewUntil, Until.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
    ];
}
