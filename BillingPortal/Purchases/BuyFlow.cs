using BillingPortal.Cards;
using BillingPortal.Providers;
using BillingPortal.Tenants;

namespace BillingPortal.Purchases;

/// <summary>
/// The page's way through a payment: start, the browser's part, and then always a reading of what Stripe says. Ends
/// with what to show.
/// </summary>
public sealed class BuyFlow(
    PurchaseService purchases, CheckoutService checkout, ReconcileService reconcile, PurchaseReader reader)
{
    /// <summary>
    /// Where the attempt of a reloaded or returned-to page stands, read at Stripe where it may have moved.
    /// </summary>
    public async Task<Purchase?> ReturnAsync(
        Guid tenantId, Guid? returned, string? sessionId, Guid? canceled, string? attemptKey)
    {
        if (sessionId is not null)
        {
            return await checkout.RefreshAsync(sessionId, tenantId);
        }

        var purchase = (returned ?? canceled) is { } id ? await reader.FindAsync(tenantId, id)
            : attemptKey is not null ? await reader.FindByAttemptAsync(tenantId, attemptKey) : null;
        if (purchase is not { IsOpen: true })
        {
            return purchase;
        }

        try
        {
            return canceled is not null ? await CancelAsync(purchase) : await reconcile.ResolveAsync(purchase);
        }
        catch (ProviderException)
        {
            return purchase; // as far as it is known here; the sweep goes on asking
        }
    }

    /// <summary>One press of the button.</summary>
    internal async Task<BuyStep> PayAsync(
        CurrentTenant tenant, StartPurchase request, string attemptKey, CardForm? newCard, StripeBrowser browser,
        Uri portal, bool isGoingOn)
    {
        // Going on with a confirmation must not charge another time: the intent waits as it is.
        var wanted = isGoingOn ? request with { PaymentMethodId = null } : request;
        var start = await purchases.StartAsync(tenant.Id, wanted, attemptKey, tenant.UserId);
        if (start is { Outcome: StartOutcome.KeyReused, Purchase: { } other })
        {
            var ended = await CancelAsync(other);
            // The buyer chose something else: what had been started can no longer be paid, so a new attempt is safe.
            return new BuyStep(ended, StartsAnew: ended.State is PurchaseState.Canceled or PurchaseState.Failed);
        }

        return await GoOnAsync(start, newCard, browser, new Uri(portal, $"buy?purchase={start.Purchase?.Id}"));
    }

    /// <summary>The browser's part of a payment that was started, and what came of it as Stripe tells the server.</summary>
    internal async Task<BuyStep> GoOnAsync(StartResult start, CardForm? newCard, StripeBrowser browser, Uri returnUrl) =>
        start.Outcome switch
        {
            StartOutcome.Ready when newCard is not null =>
                await ReadAsync(start.Purchase!, await newCard.ConfirmPaymentAsync(start.ClientSecret!, returnUrl)),
            StartOutcome.RequiresAction when start.ClientSecret is not null =>
                await ReadAsync(start.Purchase!, await browser.NextActionAsync(start.ClientSecret)),
            StartOutcome.Ready or StartOutcome.RequiresAction or StartOutcome.Processing or StartOutcome.Settled
                or StartOutcome.Checking => new BuyStep(start.Purchase),
            StartOutcome.Declined => new BuyStep(start.Purchase, BuyTrouble.Declined(start.Decline!)),
            StartOutcome.Ended => new BuyStep(start.Purchase, StartsAnew: true),
            StartOutcome.Unreachable => new BuyStep(null, BuyTrouble.Unreachable),
            _ => new BuyStep(
                null, new BuyTrouble("That cannot be bought", start.Detail ?? "Choose again. Nothing was charged.")),
        };

    /// <summary>
    /// Buys on invoice. A card payment that was begun under the same key is given up first; one that was paid is shown.
    /// </summary>
    internal async Task<(BuyStep Step, Guid? InvoiceId)> OrderAsync(
        CurrentTenant tenant, StartPurchase request, string attemptKey, IInvoiceSales invoices)
    {
        if (await reader.FindByAttemptAsync(tenant.Id, attemptKey) is { } begun
            && await CancelAsync(begun) is { State: not (PurchaseState.Canceled or PurchaseState.Failed) } alive)
        {
            return (new BuyStep(alive), null);
        }

        var sale = await invoices.SellAsync(tenant.Id, request, attemptKey, tenant.UserId);
        return sale.Refusal is { } refusal
            ? (new BuyStep(null, new BuyTrouble("Not sold on invoice", refusal)), null)
            : (new BuyStep(null), sale.InvoiceId);
    }

    /// <summary>
    /// Gives an open purchase up, wherever it is to be paid. Unless it was paid a moment before, nothing is charged.
    /// </summary>
    public Task<Purchase> CancelAsync(Purchase purchase) => purchase.Kind is PurchaseKind.Checkout
        ? checkout.CancelAsync(purchase)
        : purchases.CancelAsync(purchase);

    /// <summary>True for a payment that has an outcome or is on its way; otherwise the form stays.</summary>
    public static bool IsToBeShown(Purchase? purchase) => purchase is
    { State: PurchaseState.Settled or PurchaseState.Processing or PurchaseState.RequiresAction }
        or { ReviewReason: not null } or { State: PurchaseState.Started, AskedAt: not null };

    /// <summary>What is wrong with the typed fields, before anything is started; null when nothing is.</summary>
    internal static async Task<BuyTrouble?> CheckFieldsAsync(CardForm form)
    {
        if (!form.IsMounted)
        {
            return BuyTrouble.FormNotReady;
        }

        var check = await form.SubmitAsync();
        return check.Error is null ? null
            : new BuyTrouble("The payment details are not complete",
                check.Error.Message ?? "Check the marked fields. Nothing was charged.");
    }

    private async Task<BuyStep> ReadAsync(Purchase purchase, BrowserAnswer answer)
    {
        var known = purchase.PaymentIntentId is { } intentId
            ? (await purchases.SettleAsync(intentId)).Purchase ?? purchase
            : purchase;
        return known is not { State: PurchaseState.Started } ? new BuyStep(known)
            : known.DeclineCode is not null
                ? new BuyStep(known, BuyTrouble.Declined(PurchaseTexts.Refusal(known)))
            : answer.Error is { Message: { } fields }
                ? new BuyStep(known, new BuyTrouble("Check the payment details", $"{fields} Nothing was charged."))
            : new BuyStep(known, answer.Error is null ? null : BuyTrouble.Declined(answer.Error.Code));
    }
}

/// <summary>
/// What to show next: a purchase, and what the buyer must read; or that the attempt is over and a new key may be used.
/// </summary>
internal sealed record BuyStep(Purchase? Purchase, BuyTrouble? Trouble = null, bool StartsAnew = false);
