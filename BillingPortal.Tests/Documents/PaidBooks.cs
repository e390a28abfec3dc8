using BillingPortal.Alerts;
using BillingPortal.Documents.Billing;
using BillingPortal.Documents.Receipts;
using BillingPortal.Documents.Statements;
using BillingPortal.Kernel;
using BillingPortal.Outbox;
using BillingPortal.Purchases;
using BillingPortal.Settlement;
using BillingPortal.TenantWebhooks.Events;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace BillingPortal.Tests.Documents;

/// <summary>
/// Tenants with paid purchases, written straight into the tables, and the services that make documents of them.
/// </summary>
internal static class PaidBooks
{
    public static readonly SellerOptions Seller = new()
    {
        Series = "BP",
        LegalName = "Portal GmbH",
        Address = ["Hauptstraße 1", "10115 Berlin"],
        Country = "DE",
        VatId = "DE123456789",
        Email = "bills@portal.example",
    };

    /// <summary>Another series for tests whose numbers must be 1, 2, 3 …</summary>
    public static ReceiptService Receipts(this PostgresFixture postgres, string series = "BP") => new(
        postgres.Database, Options.Create(Seller with { Series = series }), postgres.Clock,
        NullLogger<ReceiptService>.Instance);

    public static BillingDetailsService BillingDetails(this PostgresFixture postgres) =>
        new(postgres.Database, postgres.Clock, NullLogger<BillingDetailsService>.Instance);

    public static StatementService Statements(this PostgresFixture postgres) =>
        new(
            postgres.Database, new SettlementReader(postgres.Database, [], postgres.Clock), Options.Create(Seller),
            postgres.Clock);

    public static StatementRuns StatementRuns(this PostgresFixture postgres) => new(
        postgres.Database, postgres.Statements(),
        new Mailer(new OutboxWriter(postgres.Clock, new OutboxBell()), postgres.Clock),
        new TenantEvents(new OutboxWriter(postgres.Clock, new OutboxBell()), postgres.Clock),
        Options.Create(new AppOptions { PublicUrl = new Uri("https://portal.example") }), postgres.Clock,
        NullLogger<StatementRuns>.Instance);

    public static async Task<Guid> TenantRowAsync(this PostgresFixture postgres, string name = "Acme Voice")
    {
        var tenant = new Tenant
        {
            Id = Ids.New(),
            Slug = $"t{Ids.New():N}",
            Name = name,
            Plan = Unit.Credits,
            CreatedAt = postgres.Clock.GetUtcNow().AddYears(-1),
        };
        await using var unit = await postgres.Database.BeginOpsAsync();
        unit.Db.Add(tenant);
        await unit.Db.SaveChangesAsync();
        await postgres.LedgerWriter.OpenAccountsAsync(unit, tenant.Id);
        await unit.CommitAsync();
        return tenant.Id;
    }

    public static async Task<Guid> PurchaseAsync(
        this PostgresFixture postgres, Guid tenantId, int cents = 2200, DateTimeOffset? settledAt = null,
        PurchaseState state = PurchaseState.Settled, PurchaseKind kind = PurchaseKind.OnSession, decimal bonus = 0)
    {
        var (id, at) = (Ids.New(), settledAt ?? postgres.Clock.GetUtcNow());
        await using var unit = await postgres.Database.BeginOpsAsync();
        unit.Db.Add(new Purchase
        {
            Id = id,
            TenantId = tenantId,
            Kind = kind,
            Unit = Unit.Credits,
            CreditsE4 = Amount.Credits(1000).E4,
            BonusE4 = Amount.Credits(bonus).E4,
            PriceCents = cents,
            State = state,
            AttemptKey = id.ToString(),
            PaymentIntentId = $"pi_{id:N}",
            CardBrand = "visa",
            CardLast4 = "4242",
            CreatedAt = at,
            UpdatedAt = at,
            SettledAt = state is PurchaseState.Settled ? at : null,
        });
        await unit.CommitAsync();
        return id;
    }

    /// <summary>Sets what went back of a purchase in all.</summary>
    public static async Task GoneBackAsync(
        this PostgresFixture postgres, Guid purchaseId, int refunded, int disputed = 0)
    {
        await using var unit = await postgres.Database.BeginOpsAsync();
        await using var command = unit.Command(
            "UPDATE purchases SET refunded_cents = $2, disputed_cents = $3, updated_at = $4 WHERE id = $1",
            purchaseId, refunded, disputed, postgres.Clock.GetUtcNow());
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
        await unit.CommitAsync();
    }
}
