namespace BillingPortal.Documents.Billing;

/// <summary>The tax contained in a price. Pure; rounded half up to the cent, once.</summary>
internal static class TaxPolicy
{
    public static long Contained(long grossCents, decimal percent) => decimal.ToInt64(
        decimal.Round(grossCents * percent / (100 + percent), 0, MidpointRounding.AwayFromZero));

    /// <summary>
    /// The tax in a credit of so much, after so much was credited before: credits that together give everything back
    /// give all of the tax back, to the cent.
    /// </summary>
    public static long Credited(long grossCents, long creditedBefore, long credit, decimal percent) =>
        Contained(grossCents - creditedBefore, percent) - Contained(grossCents - creditedBefore - credit, percent);
}
