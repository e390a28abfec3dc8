using BillingPortal.AutoRecharge;
using BillingPortal.Components.Shared;
using BillingPortal.Kernel;

namespace BillingPortal.Support;

/// <summary>Refunds, adjustments and a tenant's recharge in the words of the desk.</summary>
internal static class ActionText
{
    public static string Title(StaffAction action) => action.Kind switch
    {
        StaffActionKind.Refund => $"Refund of {AmountFormat.Cents(action.RefundCents!.Value)}",
        StaffActionKind.Adjustment => $"Adjustment of {AmountFormat.Change(action.Amount)}",
    };

    public static string Badge(StaffActionState state) => state switch
    {
        StaffActionState.AwaitingApproval => "Waits for a second person",
        StaffActionState.Executing => "With Stripe",
        StaffActionState.Done => "Done",
        StaffActionState.Refused => "Refused",
        StaffActionState.Withdrawn => "Withdrawn",
        StaffActionState.Failed => "Failed",
    };

    public static StatusTone Tone(StaffActionState state) => state switch
    {
        StaffActionState.AwaitingApproval => StatusTone.Warning,
        StaffActionState.Executing => StatusTone.Info,
        StaffActionState.Done => StatusTone.Good,
        StaffActionState.Refused or StaffActionState.Withdrawn => StatusTone.Neutral,
        StaffActionState.Failed => StatusTone.Bad,
    };

    /// <summary>What has become of it and what comes next.</summary>
    public static string State(StaffAction action) => (action.State, action.Kind) switch
    {
        (StaffActionState.AwaitingApproval, _) =>
            $"Asked for by {action.RequestedByName}. A second person decides: {Because(action)}.",
        (StaffActionState.Executing, _) =>
            "Stripe has not given a clear answer yet. It is asked again by itself; nothing is refunded twice.",
        (StaffActionState.Done, StaffActionKind.Refund) =>
            $"The money is on its way to the card; {AmountFormat.Text(action.Amount.Abs())} were taken back.",
        (StaffActionState.Done, _) => $"Booked as entry {action.Unit.ToCode()}-{action.EntrySeq}. The tenant is told by mail.",
        (StaffActionState.Refused, _) => $"Refused by {action.DecidedByName ?? "time"}. {action.DecisionNote}",
        (StaffActionState.Withdrawn, _) => "Withdrawn before anybody decided.",
        (StaffActionState.Failed, _) => RefundTexts.Failure(action.FailureCode),
    };

    /// <summary>Why a second person is asked, in half a sentence.</summary>
    public static string Because(StaffAction action) =>
        Because(new LimitVerdict(action.IsAboveLimit, action.IsAboveDay, action.LeavesDebt));

    public static string Because(LimitVerdict verdict) => string.Join(", and ", new[]
    {
        verdict.IsAboveLimit ? "it is more than one person may do alone" : null,
        verdict.IsAboveDay && !verdict.IsAboveLimit ? "the day's limit of one person would be passed" : null,
        verdict.LeavesDebt ? "credits that are spent already would become debt" : null,
    }.Where(reason => reason is not null));

    public static (string Text, StatusTone Tone, string Sentence) Recharge(RechargeView view) => view.Rule switch
    {
        null => ("Off", StatusTone.Neutral, "Never set up."),
        { Enabled: false } => ("Off", StatusTone.Neutral, "Switched off by the tenant."),
        { PausedReason: RechargePause.Failures } =>
            ("Paused", StatusTone.Bad, "Paused after failed attempts, until a new card or a purchase."),
        { PausedReason: RechargePause.Spike } =>
            ("Paused", StatusTone.Warning, "Paused: unusual usage, until the tenant confirms."),
        { } rule => (view.Now.Reason is RechargeReason.NotBelowThreshold or RechargeReason.Charge ? "On" : "Waiting",
            view.Now.Reason is RechargeReason.NotBelowThreshold ? StatusTone.Good : StatusTone.Warning,
            $"Charges below {AmountFormat.Text(rule.Threshold)}. "
            + (view.Now.Reason is RechargeReason.NotBelowThreshold
                ? ""
                : RechargeTexts.Sentence(
                    view.Now.Reason, view.Now.Until, view.Now.LeftCents, view.Now.Order?.PriceCents, "UTC"))),
    };
}
