using BillingPortal.Data;
using BillingPortal.Providers.Payments;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Cards;

/// <summary>
/// What Stripe's events tell about saved cards. Each method is safe to repeat and looks at the present state, so order
/// never matters.
/// </summary>
public sealed class CardNews(
    Database database, StripeClient stripe, CardRows rows, CardService cards)
{
    /// <summary>
    /// <c>payment_method.attached</c>, <c>.updated</c>, <c>.automatically_updated</c>, <c>.detached</c>.
    /// </summary>
    public async Task RefreshAsync(string paymentMethodId, CancellationToken cancellationToken)
    {
        var saved = await cards.SaveAsync(paymentMethodId, tenantId: null, cancellationToken);
        if (saved.Outcome is not SaveOutcome.NotOurs)
        {
            return;
        }

        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var known = await CardRows.FindAsync(unit, paymentMethodId, cancellationToken);
        if (known is { RemovedAt: null })
        {
            await rows.RemoveAsync(unit, known.TenantId, paymentMethodId, cancellationToken);
            await unit.CommitAsync(cancellationToken);
        }
    }

    /// <summary>
    /// <c>customer.updated</c>: a default chosen in Stripe's dashboard becomes ours, if it is a card that we know.
    /// </summary>
    public async Task SyncDefaultAsync(string customerId, CancellationToken cancellationToken)
    {
        var customer = await stripe.GetCustomerAsync(customerId, cancellationToken);
        if (customer.DefaultPaymentMethodId is not { } paymentMethodId)
        {
            return;
        }

        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var known = await CardRows.FindAsync(unit, paymentMethodId, cancellationToken);
        if (known is { RemovedAt: null, IsDefault: false })
        {
            await rows.MakeDefaultAsync(unit, known.TenantId, paymentMethodId, cancellationToken);
            await unit.CommitAsync(cancellationToken);
        }
    }
}
