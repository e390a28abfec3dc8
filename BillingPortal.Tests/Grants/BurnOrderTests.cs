using BillingPortal.Grants;
using BillingPortal.Kernel;

namespace BillingPortal.Tests.Grants;

/// <summary>Which expiring credits are spent first.</summary>
public sealed class BurnOrderTests
{
    private static readonly DateTimeOffset Day = new(2026, 12, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_soonest_to_expire_goes_first_and_the_older_before_the_younger()
    {
        var grants = new[] { Grant(3, 10, days: 2), Grant(1, 10, days: 2), Grant(2, 10, days: 1) };

        Assert.Equal(0, BurnOrder.Spend(grants, 15));

        Assert.Equal([(1L, 5L), (2L, 0L), (3L, 10L)],
            grants.OrderBy(grant => grant.Seq).Select(grant => (grant.Seq, grant.RemainingE4)));
    }

    [Fact]
    public void What_the_grants_do_not_cover_is_left_to_the_rest_of_the_balance()
    {
        var grants = new[] { Grant(1, 10, days: 1) };

        Assert.Equal(7, BurnOrder.Spend(grants, 17));
        Assert.Equal(0, grants[0].RemainingE4);
    }

    private static ExpiringGrant Grant(long seq, long amount, int days) => new()
    {
        TenantId = Guid.Empty,
        Unit = Unit.Credits,
        Seq = seq,
        AmountE4 = amount,
        RemainingE4 = amount,
        ExpiresAt = Day.AddDays(days),
        Name = "test",
    };
}
