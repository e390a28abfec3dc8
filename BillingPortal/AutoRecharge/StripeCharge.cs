using BillingPortal.Providers;
using BillingPortal.Providers.Payments;
using BillingPortal.Purchases;

namespace BillingPortal.AutoRecharge;

/// <summary>
/// Puts one card's turn to Stripe and reads the answer. Safe to repeat at any time: the key was stored before, the
/// intent is one, and what may have happened is looked up rather than started anew. Touches no database.
/// </summary>
public sealed class StripeCharge(StripeClient stripe)
{
    internal async Task<ChargeAnswer> AskAsync(ChargeTurn turn, CancellationToken cancellationToken)
    {
        try
        {
            if (turn is { IsResumed: true, IntentId: { } known })
            {
                var read = await stripe.GetPaymentIntentAsync(known, cancellationToken);
                if (Decided(read, turn.Card) is { } answer)
                {
                    return answer;
                }
            }

            // Without an intent and with a key that Stripe may have forgotten, asking would be a new charge.
            return turn.IntentId is null && !turn.IsKeyFresh
                ? await FindAsync(turn, cancellationToken) ?? new ChargeAnswer.NotCharged("never_created")
                : Answer(await ChargeAsync(turn, cancellationToken), turn.Card);
        }
        catch (ProviderException fault)
        {
            return await FaultAsync(turn, fault, cancellationToken);
        }
    }

    /// <summary>Where the intent stands now; null while no card has an answer.</summary>
    internal async Task<ChargeAnswer?> ReadAsync(string intentId, string card, CancellationToken cancellationToken) =>
        Decided(await stripe.GetPaymentIntentAsync(intentId, cancellationToken), card);

    /// <summary>Makes sure that nobody can pay the intent later; says what it has become.</summary>
    public async Task<PaymentStatus> CancelAsync(RechargeAttempt attempt, CancellationToken cancellationToken)
    {
        try
        {
            var intent = await stripe.CancelPaymentIntentAsync(
                attempt.PaymentIntentId!, CancelReason.Abandoned, $"{attempt.Id}:cancel", cancellationToken);
            return intent.Status;
        }
        catch (ProviderException ended) when (!ended.IsOutcomeUnknown && !ended.IsRetryable)
        {
            return (await stripe.GetPaymentIntentAsync(attempt.PaymentIntentId!, cancellationToken)).Status;
        }
    }

    private Task<PaymentResult> ChargeAsync(ChargeTurn turn, CancellationToken cancellationToken)
    {
        var attempt = turn.Attempt;
        return turn.IntentId is { } intent
            ? stripe.ConfirmPaymentIntentAsync(
                intent, new ConfirmPayment(turn.Card, OffSession: true), attempt.IdempotencyKey, cancellationToken)
            : stripe.CreatePaymentIntentAsync(
                new CreatePayment(attempt.PriceCents, attempt.CustomerId)
                {
                    PaymentMethodId = turn.Card,
                    Confirm = true,
                    OffSession = true,
                    Description = $"Auto-recharge: {attempt.Description}",
                    Metadata = PurchaseTexts.Metadata(attempt.Id, attempt.TenantId),
                },
                attempt.IdempotencyKey, cancellationToken);
    }

    private async Task<ChargeAnswer> FaultAsync(
        ChargeTurn turn, ProviderException fault, CancellationToken cancellationToken)
    {
        if (!fault.IsOutcomeUnknown && !fault.IsRetryable)
        {
            return await RejectedAsync(turn, fault, cancellationToken);
        }

        if (!turn.IsResumed || !fault.IsOutcomeUnknown)
        {
            return new ChargeAnswer.Unknown(fault.Code, turn.IntentId);
        }

        // A stored 500 comes back under the same key for ever. Reading tells what became of it; when that shows nothing
        // for long
        // enough, the attempt is given up and its intent cancelled, so that the late effect of a 500 cannot charge any
        // more.
        var isAnswer = turn.IsOverdue && fault.Code is not ("timeout" or "unreachable");
        try
        {
            var found = turn.IntentId is null ? await FindAsync(turn, cancellationToken) : null;
            return found ?? (isAnswer
                ? new ChargeAnswer.NotCharged(fault.Code, turn.IntentId)
                : new ChargeAnswer.Unknown(fault.Code, turn.IntentId));
        }
        catch (ProviderException)
        {
            return new ChargeAnswer.Unknown(fault.Code, turn.IntentId);
        }
    }

    // A clear no from Stripe itself: about this card, about the intent, or about us.
    private async Task<ChargeAnswer> RejectedAsync(
        ChargeTurn turn, ProviderException fault, CancellationToken cancellationToken)
    {
        if (fault.Code is "resource_missing" or "payment_method_unactivated" or "payment_method_invalid_parameter")
        {
            return new ChargeAnswer.Refused(
                turn.IntentId, new Decline(fault.Code, null, null, DeclineClass.NewCardNeeded, turn.Card));
        }

        if (fault.Code is not "payment_intent_unexpected_state" || turn.IntentId is not { } intent)
        {
            return new ChargeAnswer.NotCharged(fault.Code, turn.IntentId);
        }

        try
        {
            return await ReadAsync(intent, turn.Card, cancellationToken) ?? new ChargeAnswer.Unknown(
                fault.Code, intent);
        }
        catch (ProviderException)
        {
            return new ChargeAnswer.Unknown(fault.Code, intent);
        }
    }

    private async Task<ChargeAnswer?> FindAsync(ChargeTurn turn, CancellationToken cancellationToken)
    {
        var page = await stripe.ListPaymentIntentsAsync(
            new ListQuery { CustomerId = turn.Attempt.CustomerId }, cancellationToken);
        var found = page.Items.FirstOrDefault(intent => PurchaseTexts.PurchaseIdOf(intent.Metadata) == turn.Attempt.Id);
        return found is null ? null : Decided(found, turn.Card) ?? new ChargeAnswer.Unknown("undecided", found.Id);
    }

    private static ChargeAnswer Answer(PaymentResult result, string card) =>
        result.Decline is { } decline
            ? new ChargeAnswer.Refused(result.Intent.Id, decline with { PaymentMethodId = card })
            : Decided(result.Intent, card) ?? new ChargeAnswer.Unknown("undecided", result.Intent.Id);

    // A refusal that stands on the intent counts for this card only if it is this card's: the one before may have left
    // it.
    private static ChargeAnswer? Decided(PaymentIntent intent, string card) => intent.Status switch
    {
        PaymentStatus.Succeeded => new ChargeAnswer.Paid(intent.Id),
        PaymentStatus.Processing or PaymentStatus.RequiresCapture => new ChargeAnswer.Pending(intent.Id),
        PaymentStatus.Canceled => new ChargeAnswer.NotCharged("canceled", intent.Id),
        PaymentStatus.RequiresAction => new ChargeAnswer.Refused(
            intent.Id, new Decline("authentication_required", null, null, DeclineClass.BringTheCustomer, card)),
        PaymentStatus.RequiresPaymentMethod => intent.LastDecline is { } decline && decline.PaymentMethodId == card
            ? new ChargeAnswer.Refused(intent.Id, decline)
            : null,
        PaymentStatus.RequiresConfirmation or PaymentStatus.Unknown => null,
    };
}
