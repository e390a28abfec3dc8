using BillingPortal.Cards;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Providers;
using BillingPortal.Providers.Payments;

namespace BillingPortal.Purchases;

/// <summary>
/// Buying credits or wallet funds, from the first click to the ledger. Each step is recorded before Stripe is asked, so
/// a crash at any line leaves a purchase that the same key, a webhook or the sweep brings to its end, and a card is
/// charged at most once.
/// </summary>
public sealed class PurchaseService(
    StripeClient stripe, PurchaseIntents intents, PurchaseRows rows, PurchaseQuotes quotes,
    PurchaseSettlement settlement, CardService cards)
{
    private const int ReadingsMax = 3;

    /// <summary>
    /// Records the purchase under the buyer's attempt key, opens its one intent and, with a saved card, charges it. The
    /// same key for the same thing goes on where it stands; for another thing it is refused.
    /// </summary>
    public async Task<StartResult> StartAsync(
        Guid tenantId, StartPurchase request, string attemptKey, Guid? userId =
            null, CancellationToken cancellationToken = default)
    {
        var quote = await quotes.QuoteAsync(tenantId, request, cancellationToken);
        if (quote.Offer is not { } offer)
        {
            return new StartResult(
                quote.Outcome is QuoteOutcome.UnknownPackage ? StartOutcome.UnknownPackage
                    : StartOutcome.Invalid, Detail: quote.Detail);
        }

        var card = await FindCardAsync(tenantId, request.PaymentMethodId, cancellationToken);
        if (request.PaymentMethodId is not null && card is null)
        {
            return new StartResult(StartOutcome.UnknownCard);
        }

        var (purchase, isNew) =
            await rows.RecordAsync(tenantId, offer, PurchaseKind.OnSession, attemptKey, userId, cancellationToken);
        if (!isNew && (purchase.Kind is not PurchaseKind.OnSession || !offer.Matches(purchase, card is not null)))
        {
            return new StartResult(StartOutcome.KeyReused, purchase);
        }

        return await PayAsync(purchase, isNew, card, cancellationToken);
    }

    /// <summary>
    /// Pays an invoice online, on the same attempt whoever comes to it again: two tabs cannot pay twice. The caller has
    /// seen that it is unpaid; whether it still is decides the settlement.
    /// </summary>
    public async Task<StartResult> PayInvoiceAsync(
        Guid tenantId, Offer offer, string? paymentMethodId, Guid? userId, CancellationToken cancellationToken = default)
    {
        var invoiceId = offer.InvoiceId ?? throw new ArgumentException("The offer names no invoice.", nameof(offer));
        var card = await FindCardAsync(tenantId, paymentMethodId, cancellationToken);
        if (paymentMethodId is not null && card is null)
        {
            return new StartResult(StartOutcome.UnknownCard);
        }

        var key = await rows.InvoiceKeyAsync(tenantId, invoiceId, cancellationToken);
        var (purchase, isNew) =
            await rows.RecordAsync(tenantId, offer, PurchaseKind.OnSession, key, userId, cancellationToken);
        return await PayAsync(purchase, isNew, card, cancellationToken);
    }

    /// <summary>
    /// The way to credits, whoever comes first and however often: reads the intent at Stripe, then settles its purchase
    /// or notes what Stripe says instead. Webhook, return page, the API's answer, the sweep and auto-recharge all call
    /// this.
    /// </summary>
    public async Task<SettleResult> SettleAsync(string paymentIntentId, CancellationToken cancellationToken = default)
    {
        for (var reading = 1; ; reading++)
        {
            var seen = await rows.ConfirmationsAsync(paymentIntentId, cancellationToken);
            var intent = await stripe.GetPaymentIntentAsync(paymentIntentId, cancellationToken);
            var result = await settlement.ApplyAsync(intent, reading < ReadingsMax ? seen : null, cancellationToken);
            if (result is not null)
            {
                return result;
            }
        }
    }

    /// <summary>
    /// The same as <see cref="SettleAsync"/>, for callers who ask how a payment stands rather than report that it was
    /// made.
    /// </summary>
    public Task<SettleResult> RefreshAsync(string paymentIntentId, CancellationToken cancellationToken = default) =>
        SettleAsync(paymentIntentId, cancellationToken);

    /// <summary>
    /// Records what auto-recharge is about to charge, in its transaction. The row's id is the attempt's; the intent
    /// must carry <see cref="PurchaseTexts.Metadata"/> of it. The caller commits.
    /// </summary>
    public void RecordRecharge(UnitOfWork unit, RechargePurchase recharge) => rows.Add(unit, recharge);

    /// <summary>
    /// Gives an open purchase up: its intent is cancelled, unless it was paid in the meantime. Safe to repeat.
    /// </summary>
    public async Task<Purchase> CancelAsync(Purchase purchase, CancellationToken cancellationToken = default)
    {
        if (!purchase.IsOpen || purchase.PaymentIntentId is null)
        {
            return purchase;
        }

        try
        {
            await stripe.CancelPaymentIntentAsync(
                purchase.PaymentIntentId, CancelReason.Abandoned, Ids.New().ToString(), cancellationToken);
        }
        catch (ProviderException refused) when (refused.Code == "payment_intent_unexpected_state")
        {
            // Paid, on its way, or cancelled before: the reading below says which.
        }

        return (await SettleAsync(purchase.PaymentIntentId, cancellationToken)).Purchase ?? purchase;
    }

    private async Task<StartResult> PayAsync(
        Purchase purchase, bool isNew, SavedCard? card, CancellationToken cancellationToken)
    {
        if (!purchase.IsOpen || rows.IsBeingCharged(purchase))
        {
            return Answer(purchase);
        }

        PaymentIntent? intent;
        try
        {
            intent = isNew || purchase.PaymentIntentId is not null
                ? await intents.OpenAsync(purchase, cancellationToken)
                : await intents.RecoverAsync(purchase, cancellationToken);
        }
        catch (ProviderException fault) when (fault.IsRetryable || fault.IsOutcomeUnknown)
        {
            // Opening an intent charges nobody; the same key, or the sweep, finds it again.
            return new StartResult(StartOutcome.Unreachable, purchase);
        }

        if (intent is null)
        {
            return Answer(await rows.EndAsync(purchase, cancellationToken));
        }

        purchase = (
            await settlement.ApplyAsync(intent, purchase.Confirmations, cancellationToken))?.Purchase ?? purchase;
        var isWaiting = purchase.State is PurchaseState.RequiresAction
            && purchase.PaymentMethodId == card?.PaymentMethodId;
        return card is null || isWaiting
            || purchase.State is not (PurchaseState.Started or PurchaseState.RequiresAction)
            ? Answer(purchase, intent)
            : await ChargeAsync(purchase, intent, card, cancellationToken);
    }

    private async Task<StartResult> ChargeAsync(
        Purchase purchase, PaymentIntent intent, SavedCard card, CancellationToken cancellationToken)
    {
        if (await rows.BeginChargeAsync(purchase, card, cancellationToken) is not { } number)
        {
            return new StartResult(StartOutcome.Checking, purchase);
        }

        try
        {
            var answer = await stripe.ConfirmPaymentIntentAsync(
                intent.Id, new ConfirmPayment(card.PaymentMethodId, OffSession: false),
                $"{purchase.Id}:{number}", cancellationToken);
            var applied = await settlement.ApplyAsync(answer.Intent, number, cancellationToken)
                ?? await SettleAsync(intent.Id, cancellationToken);
            return answer.Decline is { } decline && applied.Purchase is { State: PurchaseState.Started } open
                ? new StartResult(
                    StartOutcome.Declined, open, intent.ClientSecret, DeclineText.For(DeclineText.CodeOf(decline)))
                : Answer(applied.Purchase ?? purchase, answer.Intent);
        }
        catch (ProviderException fault) when (fault.IsRetryable || fault.IsOutcomeUnknown)
        {
            return new StartResult(StartOutcome.Checking, purchase);
        }
        catch (ProviderException)
        {
            await SettleAsync(
                intent.Id, cancellationToken); // refused as a request: nothing was charged, and the row must say so
            throw;
        }
    }

    private static StartResult Answer(Purchase purchase, PaymentIntent? intent = null) => purchase.State switch
    {
        PurchaseState.Started => new StartResult(
            purchase.AskedAt is null && intent is not null ? StartOutcome.Ready
                : StartOutcome.Checking, purchase, intent?.ClientSecret),
        PurchaseState.RequiresAction => new StartResult(StartOutcome.RequiresAction, purchase, intent?.ClientSecret),
        PurchaseState.Processing => new StartResult(StartOutcome.Processing, purchase),
        PurchaseState.Settled => new StartResult(StartOutcome.Settled, purchase),
        PurchaseState.Failed or PurchaseState.Canceled => new StartResult(
            StartOutcome.Ended, purchase, Decline: purchase.DeclineCode is null ? null
                : DeclineText.For(purchase.DeclineCode)),
    };

    private async Task<SavedCard?> FindCardAsync(
        Guid tenantId, string? paymentMethodId, CancellationToken cancellationToken) =>
        paymentMethodId is null ? null
            : (await cards.ListAsync(tenantId, cancellationToken)).FirstOrDefault(
                card => card.PaymentMethodId == paymentMethodId);
}
