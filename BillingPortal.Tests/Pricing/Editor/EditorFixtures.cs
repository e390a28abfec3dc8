using BillingPortal.Audit;
using BillingPortal.Kernel;
using BillingPortal.Outbox;
using BillingPortal.Pricing;
using BillingPortal.Pricing.Editor;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using BillingPortal.Tests.Usage;

namespace BillingPortal.Tests.Pricing.Editor;

/// <summary>What tests of the price editor begin with.</summary>
internal static class EditorFixtures
{
    public static PriceService Prices(PostgresFixture postgres) => new(
        postgres.Database, postgres.Prices(), new AuditLog(postgres.Clock), new OutboxWriter(postgres.Clock, new OutboxBell()),
        new PricingOptions(), postgres.Clock);

    /// <summary>A row of the table <c>tenants</c>, with its accounts opened.</summary>
    public static async Task<Tenant> TenantAsync(PostgresFixture postgres, Unit plan, string? name = null)
    {
        var books = await postgres.TenantWithAsync(credits: 100_000, usd: 100_000);
        var tenant = new Tenant
        {
            Id = books.Id,
            Slug = $"t{books.Id:N}",
            Name = name ?? "Test tenant",
            Plan = plan,
            CreatedAt = postgres.Clock.GetUtcNow(),
        };
        await using var unit = await postgres.Database.BeginOpsAsync();
        unit.Db.Add(tenant);
        await unit.CommitAsync();
        return tenant;
    }
}
