using BillingPortal.Cards;
using BillingPortal.Providers;
using BillingPortal.Providers.Payments;

namespace BillingPortal.Purchases;

/// <summary>
/// The intents of purchases at Stripe: one each, opened under the purchase's own id, and found again whatever was lost.
/// </summary>
public sealed class PurchaseIntents(StripeClient stripe, CardService cards, TimeProvider clock)
{
    private const int ListPagesMax = 20;

    /// <summary>
    /// Stripe forgets idempotency keys after 24 h; until then repeating the creation finds what it made.
    /// </summary>
    private static readonly TimeSpan KeyLifetime = TimeSpan.FromHours(23);

    /// <summary>
    /// The intent of an open purchase: read, or created under the purchase's own id as the key. Safe to repeat for 24
    /// h.
    /// </summary>
    public async Task<PaymentIntent> OpenAsync(Purchase purchase, CancellationToken cancellationToken)
    {
        if (purchase.PaymentIntentId is not null)
        {
            return await stripe.GetPaymentIntentAsync(purchase.PaymentIntentId, cancellationToken);
        }

        var customerId = await cards.EnsureCustomerAsync(purchase.TenantId, cancellationToken);
        var intent = await stripe.CreatePaymentIntentAsync(
            new CreatePayment(purchase.PriceCents, customerId)
            {
                Currency = purchase.Currency,
                SaveCard = purchase.SaveCard,
                Description = PurchaseTexts.Description(purchase),
                Metadata = PurchaseTexts.Metadata(purchase.Id, purchase.TenantId),
            },
            purchase.Id.ToString(), cancellationToken);
        return intent.Intent;
    }

    /// <summary>
    /// The intent of a purchase whose creation was not answered: found under the same key, else in Stripe's list. Null
    /// when there is none that anybody could pay. A stored fault comes back under its key for ever, so the key alone
    /// does not do.
    /// </summary>
    public async Task<PaymentIntent?> RecoverAsync(Purchase purchase, CancellationToken cancellationToken)
    {
        try
        {
            if (clock.GetUtcNow() - purchase.CreatedAt < KeyLifetime && purchase.Kind is PurchaseKind.OnSession)
            {
                return await OpenAsync(purchase, cancellationToken);
            }
        }
        catch (ProviderException fault) when (fault.IsOutcomeUnknown)
        {
            // The list says what came of it.
        }

        return await FindAsync(purchase, cancellationToken);
    }

    private async Task<PaymentIntent?> FindAsync(Purchase purchase, CancellationToken cancellationToken)
    {
        string? after = null;
        for (var pages = 0; pages < ListPagesMax; pages++)
        {
            var page = await stripe.ListPaymentIntentsAsync(
                new ListQuery(purchase.CreatedAt.AddMinutes(-5), after), cancellationToken);
            if (page.Items.FirstOrDefault(
                intent => PurchaseTexts.PurchaseIdOf(intent.Metadata) == purchase.Id) is { } found)
            {
                return found;
            }

            if (!page.HasMore)
            {
                return null;
            }

            after = page.Items[^1].Id;
        }

        throw new ProviderException(
            "too_many", $"Purchase {purchase.Id} was not found among {ListPagesMax * 100} intents.", isRetryable: true,
            isOutcomeUnknown: true);
    }
}
