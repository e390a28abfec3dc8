using BillingPortal.Kernel;
using BillingPortal.Outbox;
using BillingPortal.Providers.Payments;
using BillingPortal.Purchases;

namespace BillingPortal.Demo;

/// <summary>
/// Buys for the made-up tenants as a person at the page would: starts the purchase, pays the intent with a test card, settles. No card
/// is saved and no rule made: that is left to the visitor.
/// </summary>
public sealed class DemoPurchases(PurchaseService purchases, StripeClient stripe, OutboxDispatcher outbox)
{
    private static readonly string[] AcmePackages =
        ["credits-1000", "credits-500", "credits-1000", "credits-2500", "credits-1000", "credits-1000"];

    /// <summary>The tenant's purchase with that number, counted from 0; every few a card is refused first.</summary>
    internal async Task BuyAsync(DemoTenant demo, int number, CancellationToken cancellationToken)
    {
        if (demo.Tenant.Plan is Unit.Credits && number == 6)
        {
            await TryInVainAsync(demo, number, cancellationToken);
        }

        var intent = await StartAsync(demo, number, $"demo-{number}", cancellationToken);
        var card = demo.Tenant.Plan is Unit.Credits ? "pm_card_visa" : "pm_card_mastercard";
        await stripe.ConfirmPaymentIntentAsync(
            intent, new ConfirmPayment(card, OffSession: false), $"demo-pay-{intent}", cancellationToken);
        var settled = await purchases.SettleAsync(intent, cancellationToken);
        if (settled.Outcome is not (SettleOutcome.Settled or SettleOutcome.AlreadySettled))
        {
            throw new InvalidOperationException($"The purchase of {demo.Tenant.Slug} did not settle: {settled.Outcome}.");
        }

        await outbox.DrainAsync(cancellationToken); // its mail carries the date of that day
    }

    // A card without funds; the buyer gives up and comes back with another one.
    private async Task TryInVainAsync(DemoTenant demo, int number, CancellationToken cancellationToken)
    {
        var intent = await StartAsync(demo, number, $"demo-{number}-in-vain", cancellationToken);
        await stripe.ConfirmPaymentIntentAsync(
            intent, new ConfirmPayment("pm_card_visa_chargeDeclinedInsufficientFunds", OffSession: false), $"demo-pay-{intent}",
            cancellationToken);
        var refused = await purchases.SettleAsync(intent, cancellationToken);
        await purchases.CancelAsync(refused.Purchase!, cancellationToken);
    }

    private async Task<string> StartAsync(DemoTenant demo, int number, string attemptKey, CancellationToken cancellationToken)
    {
        var request = demo.Tenant.Plan switch
        {
            Unit.Credits => new StartPurchase { PackageId = AcmePackages[number % AcmePackages.Length] },
            Unit.Usd => new StartPurchase { CustomAmount = 100, Unit = Unit.Usd },
        };
        var started = await purchases.StartAsync(demo.Tenant.Id, request, attemptKey, demo.BuyerId, cancellationToken);
        return started.Purchase?.PaymentIntentId
            ?? throw new InvalidOperationException($"The purchase of {demo.Tenant.Slug} did not start: {started}.");
    }
}
