using BillingPortal.Kernel;

namespace BillingPortal.Messaging;

/// <summary>
/// What a group of messages adds up to. A message belongs to the day on which it was recorded, and so does everything
/// that became of its price.
/// </summary>
/// <param name="Sent">Taken by the provider, whatever became of them then.</param>
/// <param name="Failed">Of those sent: did not arrive.</param>
/// <param name="Waiting">Recorded, and the provider's answer is not known yet.</param>
/// <param name="Refused">Not taken by the provider.</param>
/// <param name="Unpaid">Received ones that the balance did not cover.</param>
/// <param name="SpentOnSent">Charged and kept: what was given back is not in it.</param>
/// <param name="GivenBack">Charged, then given back.</param>
public sealed record SmsSums(
    long Sent, long Delivered, long Failed, long Waiting, long Refused, long Received, long Unpaid,
    Amount SpentOnSent, Amount SpentOnReceived, Amount GivenBack)
{
    public Amount Spent => SpentOnSent + SpentOnReceived;

    /// <summary>Of those sent: neither delivered nor failed, so far.</summary>
    public long OnTheWay => Sent - Delivered - Failed;

    /// <summary>Delivered of those sent, in whole per cent; null when nothing was sent.</summary>
    public int? DeliveredRate => Sent == 0
        ? null
        : (int)decimal.Round(100m * Delivered / Sent, MidpointRounding.AwayFromZero);

    public bool IsEmpty => Sent + Waiting + Refused + Received == 0;

    public static SmsSums None(Unit unit) =>
        new(0, 0, 0, 0, 0, 0, 0, Amount.Zero(unit), Amount.Zero(unit), Amount.Zero(unit));

    public static SmsSums operator +(SmsSums left, SmsSums right) => new(
        left.Sent + right.Sent, left.Delivered + right.Delivered, left.Failed + right.Failed,
        left.Waiting + right.Waiting, left.Refused + right.Refused, left.Received + right.Received,
        left.Unpaid + right.Unpaid, left.SpentOnSent + right.SpentOnSent,
        left.SpentOnReceived + right.SpentOnReceived, left.GivenBack + right.GivenBack);
}

/// <summary>The figures of a period, all of one reading.</summary>
/// <param name="OtherUnit">What was spent in the other unit, after a change of plan; zero otherwise.</param>
/// <param name="Days">Every day of the period in the tenant's zone, oldest first, those without messages too.</param>
/// <param name="Numbers">By the tenant's number, the busiest first.</param>
/// <param name="Countries">By the other side's country, the busiest first.</param>
public sealed record SmsFigures(
    Unit Unit, SmsSums Total, Amount OtherUnit, IReadOnlyList<SmsDay> Days, IReadOnlyList<SmsShare> Numbers,
    IReadOnlyList<SmsShare> Countries);

/// <summary>One day, or the week that begins with it.</summary>
public sealed record SmsDay(DateOnly Day, SmsSums Sums);

/// <summary>What one number or country has of the period.</summary>
public sealed record SmsShare(string Key, SmsSums Sums)
{
    public long Messages => Sums.Sent + Sums.Received + Sums.Waiting + Sums.Refused;
}
