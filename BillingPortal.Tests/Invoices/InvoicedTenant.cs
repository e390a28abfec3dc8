using BillingPortal.Audit;
using BillingPortal.Invoices;
using BillingPortal.Kernel;
using BillingPortal.Purchases;
using BillingPortal.Tests.Purchases;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Invoices;

/// <summary>A tenant that may buy on invoice, and the sentences a test wants to say about it.</summary>
public sealed class InvoicedTenant(PaidPortal portal, Buyer buyer)
{
    public static readonly Actor Lead = new(ActorKind.Staff, Ids.New(), "Lena Hoff (support lead)");

    public Guid Id => buyer.Id;

    public Buyer Buyer => buyer;

    private InvoiceService Service => portal.Services.GetRequiredService<InvoiceService>();

    public static async Task<InvoicedTenant> OfAsync(
        PaidPortal portal, InvoiceCredit gives = InvoiceCredit.OnPayment, int limitCents = 50_000)
    {
        var buyer = await portal.BuyerAsync();
        Assert.Null(await portal.Services.GetRequiredService<InvoiceTermsService>()
            .SaveAsync(buyer.Id, new TermsWish(true, 14, limitCents, gives), Lead));
        return new InvoicedTenant(portal, buyer);
    }

    public Task<InvoiceSale> OrderAsync(string? key = null, StartPurchase? request = null) =>
        Service.SellAsync(Id, request ?? Buyer.Package250, key ?? Ids.New().ToString(), userId: null);

    public async Task<Invoice> BuyAsync()
    {
        var sale = await OrderAsync();
        Assert.Null(sale.Refusal);
        return await InvoiceAsync(sale.InvoiceId!.Value);
    }

    public async Task<Invoice> InvoiceAsync(Guid id)
    {
        await using var unit = await portal.Database.BeginOpsAsync();
        return await unit.Db.Set<Invoice>().AsNoTracking().SingleAsync(invoice => invoice.Id == id);
    }

    public Task<TransferOutcome> TransferAsync(Invoice invoice, string reference = "REF 1", long? cents = null) =>
        Service.RecordTransferAsync(
            invoice.Id, new TransferSeen(cents ?? invoice.PriceCents, reference, Day(invoice.IssuedAt)), Lead);

    public Task<VoidOutcome> VoidAsync(Invoice invoice) => Service.VoidAsync(invoice.Id, "Ordered by mistake", Lead);

    public Task<StartResult> PayOnlineAsync(Invoice invoice, string? card = null) =>
        Service.PayAsync(Id, invoice.Id, card, userId: null);

    public async Task<IReadOnlyList<Purchase>> PaymentsAsync() =>
        await new PurchaseReader(portal.Database).ListAsync(Id, 50);

    /// <summary>As if it had been due so many days ago.</summary>
    public async Task MakeDueAsync(Invoice invoice, int daysAgo)
    {
        await using var unit = await portal.Database.BeginOpsAsync();
        await using var command = unit.Command(
            "UPDATE invoices SET due_on = $2 WHERE id = $1", invoice.Id, Day(TimeProvider.System.GetUtcNow()).AddDays(-daysAgo));
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
        await unit.CommitAsync();
    }

    private static DateOnly Day(DateTimeOffset at) => DateOnly.FromDateTime(at.UtcDateTime);
}
