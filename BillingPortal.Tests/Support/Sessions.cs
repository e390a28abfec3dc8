using System.Security.Claims;
using BillingPortal.Kernel;
using BillingPortal.Tenants;

namespace BillingPortal.Tests.Support;

/// <summary>Sessions for component tests, built as the sign-in builds them.</summary>
public static class Sessions
{
    public static Tenant Tenant(string name = "Acme Voice", Unit plan = Unit.Credits, string zone = "UTC") => new()
    {
        Id = Ids.New(),
        Slug = "acme",
        Name = name,
        Plan = plan,
        TimeZone = zone,
        CreatedAt = DateTimeOffset.UnixEpoch,
    };

    /// <summary>The session of a member of that tenant.</summary>
    public static CurrentTenant Of(Tenant tenant, MemberRole role = MemberRole.Owner)
    {
        var user = new User { Id = Ids.New(), Email = "ada@acme.example", Name = "Ada Lovelace", CreatedAt = DateTimeOffset.UnixEpoch };
        return With([.. SessionClaims.OfUser(user), .. SessionClaims.OfTenant(tenant), new Claim(SessionClaims.Role, role.ToCode())]);
    }

    /// <summary>The session of one of the platform's own people.</summary>
    public static CurrentTenant Of(StaffRole role)
    {
        var user = new User { Id = Ids.New(), Email = "lena@portal.example", Name = "Lena Lead", CreatedAt = DateTimeOffset.UnixEpoch };
        return With([.. SessionClaims.OfUser(user), new Claim(SessionClaims.StaffRole, role.ToCode())]);
    }

    private static CurrentTenant With(IEnumerable<Claim> claims)
    {
        var current = new CurrentTenant();
        current.Enter(new ClaimsPrincipal(new ClaimsIdentity(claims, "test")));
        return current;
    }
}
