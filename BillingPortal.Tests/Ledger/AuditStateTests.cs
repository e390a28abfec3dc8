using BillingPortal.Ledger;

namespace BillingPortal.Tests.Ledger;

/// <summary>What a tenant is told about its books: proven, too long ago, or not in order.</summary>
public sealed class AuditStateTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 14, 30, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(10, false, AuditVerdict.Proven)]
    [InlineData(180, false, AuditVerdict.Proven)]
    [InlineData(181, false, AuditVerdict.Old)]
    [InlineData(10, true, AuditVerdict.Finding)]
    [InlineData(500, true, AuditVerdict.Finding)]
    public void A_finding_outranks_age_and_three_hours_are_old(int minutesAgo, bool hasFinding, AuditVerdict expected)
    {
        var last = Now.AddMinutes(-minutesAgo);

        Assert.Equal(new AuditState(expected, last, last), AuditState.Of(last, last, hasFinding, Now));
    }
}
