using BillingPortal.Components.Shared;
using BillingPortal.Providers.Sms;

namespace BillingPortal.PhoneNumbers;

/// <summary>What buying, resuming and releasing will do, in figures, before they do it.</summary>
internal static class NumberQuestions
{
    public static ChargeQuestion Buy(NumberForSale offer, NumbersView view)
    {
        var (number, setUp) = (NumberTexts.Number(offer.PhoneNumber), AmountFormat.Text(view.SetUp!.Value));
        return new ChargeQuestion(
            $"Buy {number} for {setUp}?",
            "It is yours at once and renews every month until you release it.",
            [
                new("Set-up, first month included", setUp),
                new("Each month after", view.Monthly is { } monthly ? AmountFormat.Text(monthly) : "free"),
                new("Available now", AmountFormat.Text(view.Available)),
                new("Available afterwards", AmountFormat.Text(view.Available - view.SetUp.Value)),
            ],
            $"Buy for {setUp}");
    }

    public static ChargeQuestion Resume(NumberRow row)
    {
        var rent = AmountFormat.Text(row.Rent!.Value);
        if (row.Number is { GraceUntil: not null, NextBillingDate: { } due })
        {
            return new ChargeQuestion(
                $"Pay the rent of {NumberTexts.Number(row.Number.Number)}?",
                $"The month that began on {NumberTexts.Day(due)} is paid; the next rent falls due on its usual day.",
                [new("Rent", rent), new("Available afterwards", AmountFormat.Text(row.Available - row.Rent.Value))],
                $"Pay {rent}");
        }

        return new ChargeQuestion(
            $"Resume {NumberTexts.Number(row.Number.Number)} for {rent}?",
            "One month is paid from today on, and today's day of the month becomes its renewal day. "
            + "The days in between cost nothing.",
            [
                new("Rent", rent),
                new("Available afterwards", AmountFormat.Text(row.Available - row.Rent.Value)),
            ],
            $"Resume for {rent}");
    }

    public static ChargeQuestion Release(NumberRow row) => new(
        $"Release {NumberTexts.Number(row.Number.Number)}?",
        "This cannot be undone: the number goes back to the phone network, and somebody else may get it. "
        + "Nothing can be sent from it or received on it any more.",
        [
            .. row.Number.State is PhoneNumberState.Active && row.Number.NextBillingDate is { } next
                ? new KeyValuePair<string, string>[] { new("Paid until", NumberTexts.Day(next)) } : [],
            new("Refund of the running month", "none"),
            .. row.Rent is { } rent ? new KeyValuePair<string, string>[] { new("Saved each month", AmountFormat.Text(rent)) } : [],
        ],
        "Release for good", IsDestructive: true);
}
