using BillingPortal.Audit;
using BillingPortal.Components.Shared;
using BillingPortal.Kernel;

namespace BillingPortal.Support;

/// <summary>Adjustments in words, for staff and for the audit log.</summary>
internal static class AdjustmentTexts
{
    private const int Most = 1_000_000;
    private const string TooMuch = "That is more than one adjustment may be: 1,000,000 at most.";
    private static readonly long MostE4 = Most * Amount.Scale;

    /// <summary>Null when it can be asked for; else what to do about it.</summary>
    public static string? Problem(AdjustmentRequest request, AdjustmentPlan plan, DateTimeOffset now) => request switch
    {
        { Change.E4: 0 } => "Say how much.",
        _ when Math.Abs(request.Change.E4) > MostE4 => TooMuch,
        _ when !ReasonsOf(request.Change).Contains(request.Reason) => "Choose a reason from the list.",
        { CreditsExpireAt: { } end } when end <= now => "The end lies in the past.",
        { CreditsExpireAt: not null, Change.IsNegative: true } => "Only what is given can end.",
        _ when string.IsNullOrWhiteSpace(request.AttemptKey) || request.AttemptKey.Length > 100 => "Open the form anew.",
        _ when !plan.IsCovered => NotCovered(plan),
        _ => StaffNotes.Problem(request.TenantNote, request.InternalNote),
    };

    /// <summary>What is wrong with a number as somebody types it; null also while there is none yet.</summary>
    public static string? AmountProblem(decimal? typed) => typed switch
    {
        < 0 => "Write a number above 0: whether it is given or taken, “What to do” says.",
        > Most => TooMuch,
        _ => null,
    };

    public static IReadOnlyList<StaffReason> ReasonsOf(Amount change) =>
        change.IsNegative ? StaffReasons.OfDebits : StaffReasons.OfCredits;

    public static string NotCovered(AdjustmentPlan plan) =>
        $"At most {AmountFormat.Text(plan.Before.Available)} can be taken now: an adjustment takes nothing that is not there.";

    /// <summary>A tenant reads its own lines: neither the internal note nor that of a decision stands there.</summary>
    public static AuditRecord Audit(StaffAction action, Actor actor, string step, string verb) => new(
        action.TenantId, actor, $"adjustment.{step}", "staff_action", action.Id.ToString(),
        $"{actor.Name} {verb} an adjustment of {AmountFormat.Change(action.Amount)}. {action.Said}",
        After: new
        {
            change = AmountFormat.Change(action.Amount),
            reason = action.Reason,
            endsAt = action.CreditsExpireAt,
            entry = action.EntrySeq is { } seq ? $"{action.Unit.ToCode()}-{seq}" : null,
        });
}
