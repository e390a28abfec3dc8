using System.Security.Claims;
using BillingPortal.Audit;
using BillingPortal.Kernel;
using BillingPortal.Tenants;

namespace BillingPortal.Tests.Audit;

/// <summary>How the one who acts is named in the log.</summary>
public sealed class ActorTests
{
    private static readonly Guid Id = Ids.New();

    [Fact]
    public void Staff_is_named_with_the_role() => Assert.Equal(
        new Actor(ActorKind.Staff, Id, "Ann Lee (support lead)"),
        Enter(new(ClaimTypes.NameIdentifier, $"{Id}"), new(ClaimTypes.Name, "Ann Lee"), new(SessionClaims.StaffRole, "lead")).Actor);

    [Fact]
    public void A_member_is_named_with_the_role() => Assert.Equal(
        new Actor(ActorKind.Person, Id, "Bo Ek (billing admin)"),
        Enter(new(ClaimTypes.NameIdentifier, $"{Id}"), new(ClaimTypes.Name, "Bo Ek"), new(SessionClaims.Role, "billing_admin")).Actor);

    [Fact]
    public void A_program_is_named_by_its_key() => Assert.Equal(
        new Actor(ActorKind.ApiKey, Id, "API key robot"),
        Enter(new(SessionClaims.ApiKeyId, $"{Id}"), new(ClaimTypes.Name, "robot")).Actor);

    [Fact]
    public void Nobody_cannot_be_written_down() =>
        Assert.Throws<InvalidOperationException>(() => new CurrentTenant().Actor);

    private static CurrentTenant Enter(params Claim[] claims)
    {
        var current = new CurrentTenant();
        current.Enter(new ClaimsPrincipal(new ClaimsIdentity(claims, "test")));
        return current;
    }
}
