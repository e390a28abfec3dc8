using BillingPortal.Cards;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Purchases;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Purchases;

/// <summary>
/// The whole portal with a sandbox of its own in place of Stripe, on a real database.
/// </summary>
public class PaidPortal : PortalHost, IAsyncLifetime
{
    public SandboxFixture Sandbox { get; } = new();

    public PurchaseService Purchases => Services.GetRequiredService<PurchaseService>();

    public CheckoutService Checkout => Services.GetRequiredService<CheckoutService>();

    public ReconcileService Reconcile => Services.GetRequiredService<ReconcileService>();

    public CardService Cards => Services.GetRequiredService<CardService>();

    public Database Database => Services.GetRequiredService<Database>();

    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
    [
        new("Sandbox:Url", Sandbox.BaseUri.ToString()),
        new("Stripe:TimeoutSeconds", "2"),
        new("Stripe:MaxRetries", "0"),
        new("App:PublicUrl", "http://127.0.0.1:5080"),
    ];

    public new async ValueTask InitializeAsync()
    {
        await Sandbox.InitializeAsync();
        await base.InitializeAsync();
    }

    public new async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Sandbox.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>A tenant with a customer at Stripe.</summary>
    public async Task<Buyer> BuyerAsync(Unit plan = Unit.Credits)
    {
        var tenant = await TenantAsync(plan);
        return new Buyer(this, tenant, await Cards.EnsureCustomerAsync(tenant.Id));
    }

    public async Task<Purchase> PurchaseAsync(Guid id)
    {
        await using var unit = await Database.BeginOpsAsync();
        return await unit.Db.Set<Purchase>().AsNoTracking().SingleAsync(purchase => purchase.Id == id);
    }

    /// <summary>Sets columns of a purchase, as if time had passed or a step had not happened.</summary>
    public async Task BackdateAsync(Guid id, string sets)
    {
        await using var unit = await Database.BeginOpsAsync();
        await using var command = unit.Command($"UPDATE purchases SET {sets} WHERE id = $1", id);
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
        await unit.CommitAsync();
    }
}

/// <summary>A tenant that buys, and the sentences a test wants to say about it.</summary>
public sealed class Buyer(PaidPortal portal, Tenant tenant, string customerId)
{
    public static readonly StartPurchase Package250 = new() { PackageId = "credits-250" };

    public Guid Id => tenant.Id;

    public Tenant Tenant => tenant;

    public string CustomerId => customerId;

    public Task<StartResult> StartAsync(StartPurchase? request = null, string? key = null) =>
        portal.Purchases.StartAsync(Id, request ?? Package250, key ?? Ids.New().ToString());

    /// <summary>Pays with a saved test card.</summary>
    public async Task<StartResult> PayAsync(
        string card = "pm_card_visa", StartPurchase? request = null, string? key = null) =>
        await StartAsync((request ?? Package250) with { PaymentMethodId = await SaveCardAsync(card) }, key);

    /// <summary>Sets a test card up at Stripe and saves it here.</summary>
    public async Task<string> SaveCardAsync(string card = "pm_card_visa")
    {
        var id = await portal.Sandbox.Stripe.SavedCardAsync(customerId, card);
        var saved = await portal.Cards.SaveAsync(id, Id);
        Assert.Equal(SaveOutcome.Saved, saved.Outcome);
        return saved.Card!.PaymentMethodId;
    }

    /// <summary>The browser's part: confirms the intent with a card, as Stripe.js does.</summary>
    public Task<StripeReply> ConfirmAsync(StartResult start, string card = "pm_card_visa") =>
        portal.Sandbox.Stripe.PostAsync(
            $"payment_intents/{start.Purchase!.PaymentIntentId}/confirm", ("payment_method", card),
            ("return_url", "http://127.0.0.1/buy"));

    public async Task<decimal> BalanceAsync(Unit unit = Unit.Credits) =>
        (await new BalanceReader(portal.Database).ReadAsync(Id, unit)).Posted.ToDecimal();

    public Task<SandboxPayments> ChargesAsync() => portal.Sandbox.PaymentsAsync(customerId);

    /// <summary>Charged once, credited once.</summary>
    public async Task AssertBoughtOnceAsync(decimal credits, long cents)
    {
        var charges = await ChargesAsync();
        Assert.Equal((1, cents), (charges.SucceededCharges, charges.SucceededAmount));
        Assert.Equal(credits, await BalanceAsync());
        await using var unit = await portal.Database.BeginOpsAsync();
        Assert.Equal(1,
            await unit.Db.Set<Entry>().CountAsync(entry => entry.TenantId == Id && entry.Kind == EntryKind.Purchase));
    }
}
