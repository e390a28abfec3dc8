using BillingPortal.Components.Shared;
using BillingPortal.Kernel;

namespace BillingPortal.AutoRecharge;

/// <summary>What smart mode makes of the last days: values with their reason, or why it has none yet.</summary>
/// <param name="Days">Whole days looked at.</param>
/// <param name="DaysWithUse">Those of them on which anything was used.</param>
/// <param name="Values">Null: too little to go by, or a limit too low for any recharge.</param>
public sealed record SmartAnswer(int Days, int DaysWithUse, SmartProposal? Values)
{
    /// <summary>In words for people, with the figures it rests on.</summary>
    public string Sentence(RechargeOptions options) => Values is { } values ? values.Reason
        : DaysWithUse < options.SmartDaysMin
            ? $"Smart mode goes by at least {options.SmartDaysMin} days with use of the last {options.HistoryDays}; there "
                + $"{(DaysWithUse == 1 ? "is" : "are")} {DaysWithUse} so far. Until then your own values stand."
            : "Your monthly limit is too low for a recharge that fits your use. Your own values stand.";
}

/// <summary>A threshold and an amount, and what they rest on.</summary>
/// <param name="MedianDay">What the median of the days with use took.</param>
/// <param name="DaysWithUse">How many of those days there are.</param>
/// <param name="HistoryDays">Among how many.</param>
/// <param name="IsLimited">The monthly limit allows less than would be proposed without it.</param>
public sealed record SmartProposal(
    Amount Threshold, Amount Amount, Amount MedianDay, int DaysWithUse, int HistoryDays, bool IsLimited)
{
    /// <summary>The reason, kept with a change and shown with a proposal.</summary>
    public string Reason =>
        $"Your median day with use took {AmountFormat.Text(MedianDay)} ({DaysWithUse} of the last {HistoryDays} days had "
        + $"use). {AmountFormat.Text(Threshold)} leave {Lasting(Threshold)} for another try if a card is declined; "
        + $"{AmountFormat.Text(Amount)} last {Lasting(Amount)}."
        + (IsLimited ? " Your monthly limit allows no more." : "");

    private string Lasting(Amount amount)
    {
        var days = (double)amount.E4 / MedianDay.E4;
        return days switch
        {
            < 0.95 => $"about {Math.Max(1, Math.Round(days * 24)):0} hours",
            < 1.5 => "about a day",
            _ => $"about {days:0} days",
        };
    }
}
