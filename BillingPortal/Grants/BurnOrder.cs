namespace BillingPortal.Grants;

/// <summary>
/// Which credits are spent first: what expires, the soonest before the later, the older before the younger; what never
/// expires comes last. Pure.
/// </summary>
internal static class BurnOrder
{
    public static IOrderedEnumerable<ExpiringGrant> Of(IEnumerable<ExpiringGrant> grants) =>
        grants.OrderBy(grant => grant.ExpiresAt).ThenBy(grant => grant.Seq);

    /// <summary>
    /// Takes what was spent off the grants that stood before it, and answers what the others had to pay.
    /// </summary>
    /// <param name="before">Grants of entries with a smaller number than the first that spent.</param>
    public static long Spend(IEnumerable<ExpiringGrant> before, long spentE4)
    {
        foreach (var grant in Of(before))
        {
            var taken = Math.Min(grant.RemainingE4, spentE4);
            grant.RemainingE4 -= taken;
            spentE4 -= taken;
        }

        return spentE4;
    }
}
