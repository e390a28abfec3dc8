using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Settlement;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using BillingPortal.Tests.Usage;
using BillingPortal.Usage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace BillingPortal.Tests.Settlement;

/// <summary>One test's tenants on the wallet plan, with a clock of its own and the services on it.</summary>
internal sealed class SettlementWorld(PostgresFixture postgres, DateTimeOffset now)
{
    public ManualClock Clock { get; } = new(now);

    public MonthlyReservations Reservations => new(postgres.Database, postgres.LedgerWriter, Clock);

    public UsageService Usage => new(
        postgres.Prices(), Reservations, new BalanceReader(postgres.Database), new UsageDetails(postgres.Database), Clock);

    public UsageHoldService Holds => new(
        postgres.Database, postgres.Prices(), postgres.LedgerWriter, Reservations, new UsageDetails(postgres.Database),
        new UsageOptions(), Clock);

    public UsageSettlement Calls => new(
        postgres.Database, postgres.Prices(), Reservations, Holds, new UsageDetails(postgres.Database));

    public SettlementService Settlement => SettlementWith(postgres.LedgerWriter);

    public SettlementReader Reader => new(postgres.Database, [], Clock);

    public SettlementService SettlementWith(LedgerWriter ledger) =>
        new(postgres.Database, ledger, Clock, NullLogger<SettlementService>.Instance);

    /// <summary>A tenant with a row, on the wallet plan, with so many dollars.</summary>
    public async Task<TestTenant> TenantAsync(decimal usd, SettlementMode mode = SettlementMode.Monthly)
    {
        var tenant = await postgres.TenantWithAsync(usd: usd);
        await using var unit = await postgres.Database.BeginOpsAsync();
        unit.Db.Add(new Tenant
        {
            Id = tenant.Id,
            Slug = "t" + tenant.Id.ToString("N"),
            Name = "Test",
            Plan = Unit.Usd,
            SettlementMode = mode,
            CreatedAt = Clock.GetUtcNow(),
        });
        await unit.CommitAsync();
        return tenant;
    }

    public async Task SetAsync(TestTenant tenant, Unit plan, SettlementMode mode)
    {
        await using var unit = await postgres.Database.BeginOpsAsync();
        var row = await unit.Db.Set<Tenant>().SingleAsync(one => one.Id == tenant.Id);
        (row.Plan, row.SettlementMode) = (plan, mode);
        await unit.CommitAsync();
    }

    public async Task<UsageResult> UseAsync(
        TestTenant tenant, string service, decimal quantity, string? reference = null, DateTimeOffset? at = null,
        Unit plan = Unit.Usd) =>
        (await Usage.RecordAsync(tenant.Id, plan, [UsageFixtures.Event(service, quantity, reference, at)]))[0];

    public async Task<IReadOnlyList<MonthlyBilling>> BillingsAsync(TestTenant tenant)
    {
        await using var unit = await postgres.Database.BeginAsync(tenant.Id);
        return await unit.Db.Set<MonthlyBilling>().AsNoTracking().Where(row => row.TenantId == tenant.Id)
            .OrderBy(row => row.Month).ToListAsync();
    }

    public async Task<IReadOnlyList<Entry>> SettlementsAsync(TestTenant tenant)
    {
        await using var unit = await postgres.Database.BeginAsync(tenant.Id);
        return await unit.Db.Set<Entry>().AsNoTracking().Where(row => row.Kind == EntryKind.Settlement)
            .OrderBy(row => row.Seq).ToListAsync();
    }

    public async Task<IReadOnlyList<HoldExtension>> ReservedAsync(TestTenant tenant)
    {
        await using var unit = await postgres.Database.BeginAsync(tenant.Id);
        return await unit.Db.Set<HoldExtension>().AsNoTracking().OrderBy(row => row.PostedAt).ToListAsync();
    }

    public async Task AssertAuditIsCleanAsync(TestTenant tenant)
    {
        var report = await new LedgerAudit(postgres.Database, Clock).RunAsync(full: true);
        Assert.DoesNotContain(report.Violations, violation => violation.TenantId == tenant.Id);
    }
}
