using BillingPortal.Data;
using BillingPortal.Grants;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Outbox;
using BillingPortal.Providers.Payments;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Purchases;

/// <summary>
/// Refunds of and disputes over settled purchases: reads all of them at Stripe, takes back what should be gone, or gives
/// back what should not, and notes it beside the purchase. Whoever hears of one calls this; safe to repeat, in any order.
/// </summary>
public sealed partial class ReversalService(
    Database database, StripeClient stripe, PurchaseService purchases, LedgerWriter ledger, TopUp topUp,
    GrantBooks grants, PurchaseMails mails, BalanceFeed feed, TimeProvider clock, ILogger<ReversalService> logger)
{
    private const int ReadingsMax = 5;

    public async Task<ReversalOutcome> RefreshChargeAsync(
        string chargeId, CancellationToken cancellationToken = default) =>
        await RefreshAsync((await stripe.GetChargeAsync(chargeId, cancellationToken)).PaymentIntentId, cancellationToken);

    public async Task<ReversalOutcome> RefreshRefundAsync(
        string refundId, CancellationToken cancellationToken = default) =>
        await RefreshAsync((await stripe.GetRefundAsync(refundId, cancellationToken)).PaymentIntentId, cancellationToken);

    public async Task<ReversalOutcome> RefreshDisputeAsync(
        string disputeId, CancellationToken cancellationToken = default) =>
        await RefreshAsync(
            (await stripe.GetDisputeAsync(disputeId, cancellationToken)).PaymentIntentId, cancellationToken);

    /// <summary>Brings the purchase of this payment to where its refunds and disputes say it is.</summary>
    public async Task<ReversalOutcome> RefreshAsync(
        string? paymentIntentId, CancellationToken cancellationToken = default)
    {
        if (paymentIntentId is null)
        {
            return ReversalOutcome.NotOurs;
        }

        // News of a refund may overtake that of the payment: credits come before they go.
        var settled = await purchases.SettleAsync(paymentIntentId, cancellationToken);
        if (settled.Purchase is not { State: PurchaseState.Settled } purchase
            || purchase.PaymentIntentId != paymentIntentId)
        {
            return ReversalOutcome.NotOurs;
        }

        for (var reading = 1; reading <= ReadingsMax; reading++)
        {
            var seen = await SeenAsync(purchase.Id, cancellationToken);
            var refunds = await stripe.ListRefundsAsync(paymentIntentId, cancellationToken);
            var disputes = await stripe.ListDisputesAsync(paymentIntentId, cancellationToken);
            if (await ApplyAsync(purchase.Id, seen, refunds, disputes, cancellationToken) is { } outcome)
            {
                return outcome;
            }
        }

        throw new InvalidOperationException($"Purchase {purchase.Id} kept changing; the event is tried again.");
    }

    // Counted before the reading begins: a change by somebody else in between makes that reading stale.
    private async Task<int> SeenAsync(Guid purchaseId, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        return await unit.Db.Set<Purchase>().Where(purchase => purchase.Id == purchaseId)
            .Select(purchase => purchase.Reversals).SingleAsync(cancellationToken);
    }

    // Null: the reading is older than what has been noted since.
    private async Task<ReversalOutcome?> ApplyAsync(
        Guid purchaseId, int seen, IReadOnlyList<Refund> refunds, IReadOnlyList<Dispute> disputes,
        CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var purchase = await unit.Db.Set<Purchase>()
            .FromSql($"SELECT * FROM purchases WHERE id = {purchaseId} FOR UPDATE").SingleAsync(cancellationToken);
        if (purchase.Reversals != seen)
        {
            return null;
        }

        var expired = await grants.ExpiredOfAsync(
            unit, purchase.TenantId, purchase.Unit, purchase.Id.ToString(), cancellationToken);
        var target = ReversalPolicy.Judge(purchase, refunds, disputes, expired.E4);
        var steps = ReversalPolicy.Steps(purchase, target, expired.E4);
        var (before, note) = (purchase.Dispute, ReversalPolicy.NoteOf(purchase, refunds, target));
        if (steps.Count == 0 && Noted(purchase) == (target.RefundedCents, target.DisputedCents, target.Dispute))
        {
            return ReversalOutcome.Unchanged;
        }

        (purchase.RefundedCents, purchase.DisputedCents) = (target.RefundedCents, target.DisputedCents);
        (purchase.RefundTakenE4, purchase.DisputeTakenE4) = (target.RefundTakenE4, target.DisputeTakenE4);
        (purchase.Dispute, purchase.UpdatedAt) = (target.Dispute, clock.GetUtcNow());
        purchase.Reversals++;
        if (steps.Count > 0)
        {
            var balance = await PostAsync(unit, purchase, steps, note, cancellationToken);
            mails.EnqueueReversal(unit, purchase, steps, balance, note);
            LogReversed(logger, purchase.Id, purchase.TenantId, steps.Sum(step => step.TakenE4));
        }
        else if (purchase.Dispute is DisputeState.Open && before is not DisputeState.Open)
        {
            mails.EnqueueInquiry(unit, purchase);
        }

        feed.Ring(unit, purchase.TenantId);
        await unit.CommitAsync(cancellationToken);
        return ReversalOutcome.Applied;
    }

    private static (int, int, DisputeState?) Noted(Purchase purchase) =>
        (purchase.RefundedCents, purchase.DisputedCents, purchase.Dispute);

    private async Task<PostResult> PostAsync(
        UnitOfWork unit, Purchase purchase, IReadOnlyList<ReversalStep> steps, string? note,
        CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var postings = steps.Select(step => PurchaseTexts.Reversal(purchase, step, now, note)).ToList();
        var givesBack = steps.Any(step => step.TakenE4 < 0);
        var results = givesBack
            ? await topUp.PostAsync(unit, postings, cancellationToken)
            : await ledger.PostAsync(unit, postings, cancellationToken);
        return results.Take(steps.Count).FirstOrDefault(result => result.Outcome is not PostOutcome.Posted) is { } refused
            ? throw new InvalidOperationException($"Purchase {purchase.Id} could not be reversed: {refused.Outcome}.")
            : results[^1];
    }

    [LoggerMessage(LogLevel.Information,
        "Purchase {PurchaseId} of tenant {TenantId}: {TakenE4} ten-thousandths taken back (negative: given back)")]
    private static partial void LogReversed(ILogger logger, Guid purchaseId, Guid tenantId, long takenE4);
}

/// <summary>What news of a refund or dispute came to.</summary>
public enum ReversalOutcome
{
    Applied = 1,

    /// <summary>The books and the row said so already.</summary>
    Unchanged,
    NotOurs,
}
