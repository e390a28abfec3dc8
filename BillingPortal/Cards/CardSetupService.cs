using BillingPortal.Kernel;
using BillingPortal.Providers.Payments;
using Microsoft.Extensions.Options;

namespace BillingPortal.Cards;

/// <summary>
/// "Add card": a SetupIntent that the browser finishes with Stripe. Nothing is charged, and nothing is stored before it
/// is done.
/// </summary>
public sealed class CardSetupService(CardService cards, StripeClient stripe, IOptions<CardsOptions> options)
{
    /// <summary>
    /// Begins "Add card": the browser finishes it with Stripe. Null when the tenant keeps as many cards as it may.
    /// </summary>
    public async Task<CardSetup?> BeginAsync(Guid tenantId, CancellationToken cancellationToken = default)
    {
        if ((await cards.ListAsync(tenantId, cancellationToken)).Count >= options.Value.PerTenantMax)
        {
            return null;
        }

        var customerId = await cards.EnsureCustomerAsync(tenantId, cancellationToken);
        var intent = await stripe.CreateSetupIntentAsync(
            new CreateSetupIntent(customerId, new Dictionary<string, string> { ["tenant_id"] = tenantId.ToString() }),
            Ids.New().ToString(), cancellationToken);
        return new CardSetup(intent.Id, intent.ClientSecret!);
    }

    /// <summary>
    /// The return of "Add card", and <c>setup_intent.succeeded</c>: saves the card once Stripe says that it is set up.
    /// </summary>
    /// <param name="tenantId">Null for a webhook: then the customer says whose card it is.</param>
    public async Task<SaveResult> FinishAsync(
        string setupIntentId, Guid? tenantId = null, CancellationToken cancellationToken = default)
    {
        var intent = await stripe.GetSetupIntentAsync(setupIntentId, cancellationToken);
        if (tenantId is { } tenant && intent.CustomerId != await cards.EnsureCustomerAsync(tenant, cancellationToken))
        {
            return new SaveResult(SaveOutcome.NotOurs);
        }

        return intent.Status switch
        {
            PaymentStatus.Succeeded => await cards.SaveAsync(intent.PaymentMethodId!, tenantId, cancellationToken),
            PaymentStatus.Processing => new SaveResult(SaveOutcome.NotYet),
            _ when intent.LastDecline is { } decline =>
                new SaveResult(SaveOutcome.Refused, Decline: DeclineText.For(DeclineText.CodeOf(decline))),
            _ => new SaveResult(SaveOutcome.NotYet),
        };
    }
}

/// <summary>
/// A setup that has begun; the secret goes to the browser of the person who began it, and nowhere else.
/// </summary>
public sealed record CardSetup(string SetupIntentId, string ClientSecret);
