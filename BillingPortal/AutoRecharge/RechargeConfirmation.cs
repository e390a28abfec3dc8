using BillingPortal.Providers;
using BillingPortal.Providers.Payments;

namespace BillingPortal.AutoRecharge;

/// <summary>
/// Finishing 3-D Secure with the cardholder present: the same intent, in the browser. What the browser says is a hint;
/// the outcome is read from Stripe.
/// </summary>
public sealed class RechargeConfirmation(RechargeReader reader, RechargeCharger charger, StripeClient stripe)
{
    /// <summary>
    /// What the browser needs; null when the attempt no longer waits, which <see cref="FinishAsync"/> then explains.
    /// </summary>
    /// <exception cref="ProviderException">Stripe does not answer; nothing was charged.</exception>
    public async Task<RechargeChallenge?> BeginAsync(
        Guid tenantId, Guid attemptId, CancellationToken cancellationToken = default)
    {
        if (await reader.AttemptAsync(tenantId, attemptId, cancellationToken)
            is not { State: AttemptState.RequiresAction, PaymentIntentId: { } intentId } attempt)
        {
            return null;
        }

        var intent = await stripe.GetPaymentIntentAsync(intentId, cancellationToken);
        return intent.ClientSecret is { } secret
            && intent.Status is PaymentStatus.RequiresPaymentMethod
                or PaymentStatus.RequiresConfirmation or PaymentStatus.RequiresAction
            ? new RechargeChallenge(secret, attempt.Card, intent.Status is PaymentStatus.RequiresAction)
            : null;
    }

    /// <summary>
    /// Where the attempt stands after a look at Stripe; settles it when it is paid. Null: not this tenant's.
    /// </summary>
    /// <exception cref="ProviderException">Stripe does not answer; a payment that was made is settled by its
    /// webhook.</exception>
    public async Task<RechargeAttempt?> FinishAsync(
        Guid tenantId, Guid attemptId, CancellationToken cancellationToken = default)
    {
        if (await reader.AttemptAsync(tenantId, attemptId, cancellationToken) is null)
        {
            return null;
        }

        await charger.FinishAsync(tenantId, attemptId, cancellationToken);
        return await reader.AttemptAsync(tenantId, attemptId, cancellationToken);
    }
}

/// <summary>What the paying browser needs, and nobody else: never logged.</summary>
/// <param name="ClientSecret">Of the intent.</param>
/// <param name="PaymentMethodId">The card that asked for its holder.</param>
/// <param name="IsConfirmed">The challenge is open already; only the next action is left.</param>
public sealed record RechargeChallenge(string ClientSecret, string PaymentMethodId, bool IsConfirmed)
{
    public override string ToString() => nameof(RechargeChallenge);
}
