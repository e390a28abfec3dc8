using BillingPortal.Providers.Payments;

namespace BillingPortal.Purchases;

/// <summary>
/// How much of a settled purchase is taken back, given all refunds of and disputes over its payment. Pure, and
/// cumulative: it says what should be gone in all, so that repeats, lost news and another order change nothing.
/// </summary>
internal static class ReversalPolicy
{
    /// <param name="expiredE4">What expiry has taken back of the bonus already: it cannot go twice.</param>
    public static Reversal Judge(
        Purchase purchase, IReadOnlyList<Refund> refunds, IReadOnlyList<Dispute> disputes, long expiredE4 = 0)
    {
        var refunded = Within(purchase, refunds.Where(IsOnItsWay).Sum(refund => refund.AmountCents));
        var disputed = Within(purchase, disputes.Where(IsWithdrawn).Sum(dispute => dispute.AmountCents));
        return Judge(purchase, refunded, disputed, StateOf(disputes), expiredE4);
    }

    /// <summary>What should be gone once so many cents more are refunded: what a refund would do, before it is made.</summary>
    public static Reversal After(Purchase purchase, int furtherCents, long expiredE4 = 0) => Judge(
        purchase, Within(purchase, (long)purchase.RefundedCents + furtherCents), purchase.DisputedCents, purchase.Dispute,
        expiredE4);

    /// <summary>
    /// What the refunds that are new since the last reading say to the tenant, in the order in which they were made; null
    /// when they say nothing.
    /// </summary>
    public static string? NoteOf(Purchase purchase, IReadOnlyList<Refund> refunds, Reversal target)
    {
        var unnoted = (long)target.RefundedCents - purchase.RefundedCents;
        var notes = new List<string>();
        foreach (var refund in refunds.Where(IsOnItsWay).OrderByDescending(refund => refund.CreatedAt))
        {
            if (unnoted <= 0)
            {
                break;
            }

            unnoted -= refund.AmountCents;
            if (refund.Metadata.TryGetValue(PurchaseTexts.RefundNoteKey, out var note) && !string.IsNullOrWhiteSpace(note))
            {
                notes.Insert(0, note);
            }
        }

        return notes.Count == 0 ? null : string.Join(" ", notes.Distinct());
    }

    /// <summary>
    /// The changes that bring the books from what was taken to what should be. The bonus goes first and comes back
    /// last; what comes back stands before what goes, so that it can pay for it.
    /// </summary>
    public static IReadOnlyList<ReversalStep> Steps(Purchase purchase, Reversal target, long expiredE4 = 0)
    {
        var bonusE4 = purchase.BonusE4 - expiredE4;
        var steps = new List<ReversalStep>();
        var taken = purchase.RefundTakenE4 + purchase.DisputeTakenE4;
        foreach (var (isDispute, delta) in new[]
        {
            (false, target.RefundTakenE4 - purchase.RefundTakenE4),
            (true, target.DisputeTakenE4 - purchase.DisputeTakenE4),
        }.OrderBy(change => change.Item2))
        {
            var bonus = Math.Min(taken + delta, bonusE4) - Math.Min(taken, bonusE4);
            steps.Add(new ReversalStep(isDispute, IsBonus: true, bonus));
            steps.Add(new ReversalStep(isDispute, IsBonus: false, delta - bonus));
            taken += delta;
        }

        return steps.FindAll(step => step.TakenE4 != 0);
    }

    private static Reversal Judge(Purchase purchase, int refunded, int disputed, DisputeState? dispute, long expiredE4)
    {
        var refundTaken = ShareOf(purchase, refunded, expiredE4);
        var taken = ShareOf(purchase, Math.Min(refunded + disputed, purchase.PriceCents), expiredE4);
        return new Reversal(refunded, disputed, refundTaken, taken - refundTaken, dispute);
    }

    // A pending refund has left the balance at Stripe already; a failed one brings the money back.
    private static bool IsOnItsWay(Refund refund) => refund.Status switch
    {
        RefundStatus.Succeeded or RefundStatus.Pending or RefundStatus.RequiresAction => true,
        RefundStatus.Failed or RefundStatus.Canceled => false,
        RefundStatus.Unknown => true,
    };

    private static bool IsWithdrawn(Dispute dispute) => dispute.Status switch
    {
        DisputeStatus.NeedsResponse or DisputeStatus.UnderReview or DisputeStatus.Lost => true,
        DisputeStatus.WarningNeedsResponse or DisputeStatus.WarningUnderReview or DisputeStatus.WarningClosed
            or DisputeStatus.Won or DisputeStatus.Prevented or DisputeStatus.Unknown => false,
    };

    private static bool IsOpen(Dispute dispute) => dispute.Status is DisputeStatus.NeedsResponse
        or DisputeStatus.UnderReview or DisputeStatus.WarningNeedsResponse or DisputeStatus.WarningUnderReview
        or DisputeStatus.Unknown;

    private static DisputeState? StateOf(IReadOnlyList<Dispute> disputes) =>
        disputes.Any(IsOpen) ? DisputeState.Open
        : disputes.Any(dispute => dispute.Status is DisputeStatus.Lost) ? DisputeState.Lost
        : disputes.Any(dispute => dispute.Status is DisputeStatus.Won) ? DisputeState.Won
        : null;

    private static int Within(Purchase purchase, long cents) => (int)Math.Clamp(cents, 0, purchase.PriceCents);

    // Half of 1,000 and a bonus of 20 is 510; rounded half up, once, on the sum of all that went back.
    private static long ShareOf(Purchase purchase, int cents, long expiredE4) => decimal.ToInt64(decimal.Round(
        (decimal)(purchase.CreditsE4 + purchase.BonusE4 - expiredE4) * cents / purchase.PriceCents, 0,
        MidpointRounding.AwayFromZero));
}

/// <summary>What should be gone of a purchase in all, in cents and in ten-thousandths of its unit.</summary>
internal sealed record Reversal(
    int RefundedCents, int DisputedCents, long RefundTakenE4, long DisputeTakenE4, DisputeState? Dispute);

/// <summary>One entry to post: positive takes from the account, negative gives back.</summary>
internal sealed record ReversalStep(bool IsDispute, bool IsBonus, long TakenE4);
