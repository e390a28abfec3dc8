using BillingPortal.Cards;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Providers;
using BillingPortal.Providers.Payments;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BillingPortal.Purchases;

/// <summary>
/// Buying on Stripe's hosted page. The session only leads to an intent; credits come from that intent's settlement.
/// </summary>
public sealed class CheckoutService(
    Database database, StripeClient stripe, PurchaseQuotes quotes, PurchaseRows rows, PurchaseService purchases,
    CardService cards,
    IOptions<AppOptions> app, IOptions<PurchasesOptions> options, TimeProvider clock)
{
    /// <summary>
    /// Records the purchase and opens its one session. The same key for the same thing leads to the same session.
    /// </summary>
    public async Task<CheckoutStarted> StartAsync(
        Guid tenantId, StartPurchase request, string attemptKey, Guid? userId =
            null, CancellationToken cancellationToken = default)
    {
        // The hosted page always saves the card, so that auto-recharge and the next purchase can use it.
        var quote = await quotes.QuoteAsync(tenantId, request with { SavePaymentMethod = true }, cancellationToken);
        if (quote.Offer is not { } offer)
        {
            return new CheckoutStarted(
                quote.Outcome is QuoteOutcome.UnknownPackage ? StartOutcome.UnknownPackage
                    : StartOutcome.Invalid, Detail: quote.Detail);
        }

        var (purchase, isNew) =
            await rows.RecordAsync(tenantId, offer, PurchaseKind.Checkout, attemptKey, userId, cancellationToken);
        if (!isNew && (purchase.Kind is not PurchaseKind.Checkout
            || !offer.Matches(purchase, paysWithSavedCard: false)))
        {
            return new CheckoutStarted(StartOutcome.KeyReused);
        }

        if (!purchase.IsOpen)
        {
            return new CheckoutStarted(StartOutcome.Ended);
        }

        try
        {
            var session = await OpenSessionAsync(purchase, cancellationToken);
            return new CheckoutStarted(
                session.Url is null ? StartOutcome.Ended : StartOutcome.Ready, session.Id, session.Url);
        }
        catch (ProviderException fault) when (fault.IsRetryable || fault.IsOutcomeUnknown)
        {
            return new CheckoutStarted(StartOutcome.Unreachable);
        }
    }

    /// <summary>
    /// The return page, <c>checkout.session.completed</c> and <c>.expired</c>, and the sweep: reads the session,
    /// settles what was paid, ends what expired. Null when the session is not ours (or not this tenant's).
    /// </summary>
    public async Task<Purchase?> RefreshAsync(
        string sessionId, Guid? tenantId = null, CancellationToken cancellationToken = default)
    {
        var session = await stripe.GetCheckoutSessionAsync(sessionId, cancellationToken);
        var purchase = await FindAsync(session, cancellationToken);
        if (purchase is null || (tenantId is not null && purchase.TenantId != tenantId))
        {
            return null;
        }

        if (session.PaymentIntentId is { } intentId)
        {
            purchase = (await purchases.SettleAsync(intentId, cancellationToken)).Purchase ?? purchase;
        }

        return session.Status is CheckoutStatus.Expired && purchase.IsOpen
            ? await rows.EndAsync(purchase, cancellationToken)
            : purchase;
    }

    /// <summary>Closes the hosted page of an open purchase, so that it can no longer be paid. Safe to repeat.</summary>
    public async Task<Purchase> CancelAsync(Purchase purchase, CancellationToken cancellationToken = default)
    {
        if (!purchase.IsOpen || purchase.CheckoutSessionId is not { } sessionId)
        {
            return purchase;
        }

        try
        {
            await stripe.ExpireCheckoutSessionAsync(sessionId, Ids.New().ToString(), cancellationToken);
        }
        catch (ProviderException refused) when (!refused.IsRetryable && !refused.IsOutcomeUnknown)
        {
            // Complete or expired before: the reading below says which.
        }

        return await RefreshAsync(sessionId, cancellationToken: cancellationToken) ?? purchase;
    }

    /// <summary>
    /// Safe to repeat: the purchase's id is the key, and every word of the call follows from its row.
    /// </summary>
    internal async Task<CheckoutSession> OpenSessionAsync(Purchase purchase, CancellationToken cancellationToken)
    {
        if (purchase.CheckoutSessionId is not null)
        {
            return await stripe.GetCheckoutSessionAsync(purchase.CheckoutSessionId, cancellationToken);
        }

        var session = await stripe.CreateCheckoutSessionAsync(
            new CreateCheckout(
                await cards.EnsureCustomerAsync(purchase.TenantId, cancellationToken), purchase.PriceCents,
                PurchaseTexts.Text(purchase.Credits), $"{app.Value.Link("/buy")}?session_id={{CHECKOUT_SESSION_ID}}",
                $"{app.Value.Link("/buy")}?canceled={purchase.Id}", purchase.Id.ToString())
            {
                ExpiresAt = purchase.CreatedAt.AddMinutes(options.Value.CheckoutMinutes),
                Metadata = PurchaseTexts.Metadata(purchase.Id, purchase.TenantId),
            },
            purchase.Id.ToString(), cancellationToken);
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        await unit.Db.Set<Purchase>().Where(row => row.Id == purchase.Id
            && row.CheckoutSessionId == null).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.CheckoutSessionId, session.Id)
                .SetProperty(row => row.AskedAt, (DateTimeOffset?)null)
                .SetProperty(row => row.UpdatedAt, clock.GetUtcNow()),
            cancellationToken);
        await unit.CommitAsync(cancellationToken);
        return session;
    }

    private async Task<Purchase?> FindAsync(CheckoutSession session, CancellationToken cancellationToken)
    {
        var named = PurchaseTexts.PurchaseIdOf(session.Metadata);
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        return await unit.Db.Set<Purchase>().AsNoTracking().SingleOrDefaultAsync(
            row => row.Kind == PurchaseKind.Checkout && row.Id == named
                && (row.CheckoutSessionId == null || row.CheckoutSessionId == session.Id),
            cancellationToken);
    }
}

/// <summary>A hosted page to go to, or why there is none.</summary>
public sealed record CheckoutStarted(
    StartOutcome Outcome, string? SessionId = null, Uri? Url = null, string? Detail = null);
