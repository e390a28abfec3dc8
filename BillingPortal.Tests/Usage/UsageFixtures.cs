using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Pricing;
using BillingPortal.Settlement;
using BillingPortal.Tests.Support;
using BillingPortal.Usage;

namespace BillingPortal.Tests.Usage;

/// <summary>The services of the room on a test's database and clock.</summary>
internal static class UsageFixtures
{
    public static UsageService Usage(this PostgresFixture postgres) => new(
        postgres.Prices(), postgres.Reservations(), new BalanceReader(postgres.Database), new UsageDetails(postgres.Database),
        postgres.Clock);

    public static MonthlyReservations Reservations(this PostgresFixture postgres) =>
        new(postgres.Database, postgres.Ledger(), postgres.Clock);

    public static UsageHoldService Holds(this PostgresFixture postgres) => new(
        postgres.Database, postgres.Prices(), postgres.Ledger(), postgres.Reservations(), new UsageDetails(postgres.Database),
        new UsageOptions(), postgres.Clock);

    public static PriceBook Prices(this PostgresFixture postgres) => new(postgres.Database, new PricingOptions());

    public static UsageEvent Event(
        string service, decimal quantity, string? reference = null, DateTimeOffset? occurredAt = null, string? metadata = null) =>
        new(service, quantity, reference ?? Ids.New().ToString(), occurredAt, metadata);

    public static async Task<UsageResult> RecordAsync(this PostgresFixture postgres, TestTenant tenant, UsageEvent reported) =>
        (await postgres.Usage().RecordAsync(tenant.Id, Unit.Credits, [reported]))[0];
}
