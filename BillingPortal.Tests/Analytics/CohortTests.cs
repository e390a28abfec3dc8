using BillingPortal.Analytics;
using BillingPortal.Kernel;
using BillingPortal.Purchases;
using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.Analytics;

/// <summary>Who keeps paying, by the month of the first payment.</summary>
public sealed class CohortTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    // Three begin in September; two pay in October, one in November. One begins in October with an auto-recharge.
    [Fact]
    public async Task Cohorts_share_revenue_and_average_are_those_of_the_payments()
    {
        var (a, b, c, d) = (Ids.New(), Ids.New(), Ids.New(), Ids.New());
        await PayAsync(a, "2026-09-03", 1_000);
        await PayAsync(a, "2026-09-20", 1_000);
        await PayAsync(b, "2026-09-30T23:59:59Z", 2_000);
        await PayAsync(c, "2026-09-01", 3_000, refundedCents: 1_000);
        await PayAsync(a, "2026-10-05", 1_000, PurchaseKind.AutoRecharge);
        await PayAsync(b, "2026-10-06", 2_000, PurchaseKind.AutoRecharge);
        await PayAsync(a, "2026-11-05", 4_000, PurchaseKind.AutoRecharge);
        await PayAsync(d, "2026-10-01T00:00:00Z", 500, PurchaseKind.AutoRecharge);

        Assert.NotNull(await new CohortCounter(postgres.Database, postgres.Clock).CountAsync());
        await new CohortCounter(postgres.Database, postgres.Clock).CountAsync(); // counting again changes nothing
        var all = await new CohortReader(postgres.Database, postgres.Clock).ReadAsync(CohortScope.All);
        var auto = await new CohortReader(postgres.Database, postgres.Clock).ReadAsync(CohortScope.AutoRecharge);

        Assert.Equal([new DateOnly(2026, 10, 1), new DateOnly(2026, 9, 1)], all.Cohorts.Select(cohort => cohort.Month));
        var september = all.Cohorts[1];
        Assert.Equal([3, 2, 1], september.Cells.Select(cell => cell?.Tenants ?? 0));
        Assert.Equal([6_000L, 3_000L, 4_000L], september.Cells.Select(cell => cell?.RevenueCents ?? 0));
        Assert.Equal("67 %", CohortTexts.Cell(CohortMeasure.Share, september, september.Cells[1]));
        Assert.Equal("$15.00", CohortTexts.Cell(CohortMeasure.Average, september, september.Cells[0]));
        Assert.Equal([1, 0], all.Cohorts[0].Cells.Select(cell => cell?.Tenants ?? 0));
        var october = Assert.Single(auto.Cohorts);
        Assert.Equal([3, 1], october.Cells.Select(cell => cell?.Tenants ?? 0));
    }

    private async Task PayAsync(
        Guid tenantId, string at, int cents, PurchaseKind kind = PurchaseKind.OnSession, int refundedCents = 0)
    {
        var (id, settled) = (Ids.New(), DateTimeOffset.Parse(
            at, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal));
        await using var unit = await postgres.Database.BeginOpsAsync();
        unit.Db.Add(new Purchase
        {
            Id = id,
            TenantId = tenantId,
            Kind = kind,
            Unit = Unit.Credits,
            CreditsE4 = Amount.Credits(250).E4,
            PriceCents = cents,
            RefundedCents = refundedCents,
            State = PurchaseState.Settled,
            AttemptKey = id.ToString(),
            PaymentIntentId = $"pi_{id:N}",
            CreatedAt = settled,
            UpdatedAt = settled,
            SettledAt = settled,
        });
        await unit.CommitAsync();
    }
}
