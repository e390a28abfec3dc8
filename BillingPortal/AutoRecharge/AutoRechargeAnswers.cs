using System.Text.Json.Serialization;
using BillingPortal.Kernel;

namespace BillingPortal.AutoRecharge;

/// <summary>The short form. Amounts in the unit of the tenant's plan; a paused rule reads as not enabled.</summary>
internal sealed record ShortAutoRecharge(bool Enabled, decimal? Credits, decimal Threshold)
{
    // Contract: no row reads {"enabled":false,"credits":null,"threshold":10.0}.
    private const decimal ThresholdWithoutRule = 10.0m;

    public static ShortAutoRecharge Of(RechargeRule? rule) => rule is null
        ? new ShortAutoRecharge(Enabled: false, Credits: null, ThresholdWithoutRule)
        : new ShortAutoRecharge(
            rule.IsActive,
            rule.Size is RechargeSize.Target ? null : new Amount(rule.AmountE4 ?? 0, rule.Unit).ToDecimal(),
            rule.Threshold.ToDecimal());
}

/// <summary>The body that saves the short form; what is left out stays as it is.</summary>
internal sealed record SaveShortAutoRecharge(bool? Enabled, decimal? Credits, decimal? Threshold)
{
    public bool IsOffOnly => Enabled is not true && Credits is null && Threshold is null;

    public RechargeChange ToChange() => new() { Enabled = Enabled, Amount = Credits, Threshold = Threshold };
}

/// <summary>
/// The body that saves the whole form; what is left out stays as it is. A monthly limit of 0 takes it away.
/// </summary>
internal sealed record SaveAutoRecharge(
    bool? TriggerNow, bool? Enabled, decimal? Threshold, decimal? Amount, decimal? Credits, string? PackageId,
    decimal? Target,
    string? PaymentMethodId, IReadOnlyList<string>? PaymentMethodIds, decimal? MonthlyLimit, int? AttemptsPerDay,
    string? SmartMode, int? NoticeHours, int? GraceDays)
{
    public bool IsEmpty => Enabled is null && Threshold is null && Amount is null && Credits is null
        && PackageId is null && Target is null && PaymentMethodId is null && PaymentMethodIds is null
        && MonthlyLimit is null && AttemptsPerDay is null
        && SmartMode is null && NoticeHours is null && GraceDays is null;

    /// <summary>False: a word that is none of the modes.</summary>
    public bool HasKnownMode => SmartMode is null || Mode is not null;

    private SmartMode? Mode => Enum.GetValues<SmartMode>()
        .Where(mode => RechargeTexts.Code(mode) == SmartMode).Select(mode => (SmartMode?)mode).FirstOrDefault();

    public RechargeChange ToChange() => new()
    {
        Enabled = Enabled,
        Threshold = Threshold,
        Amount = Amount ?? Credits,
        PackageId = PackageId,
        Target = Target,
        PaymentMethodIds = PaymentMethodIds ?? (PaymentMethodId is null ? null : [PaymentMethodId]),
        MonthlyLimit = MonthlyLimit,
        AttemptsPerDay = AttemptsPerDay,
        Smart = Mode,
        NoticeHours = NoticeHours,
        GraceDays = GraceDays,
    };
}

/// <summary>The whole form.</summary>
internal sealed record AutoRechargeAnswer(
    bool Enabled, string? PausedReason, string Unit, decimal Threshold, string Size, decimal? Amount, decimal? Credits,
    Guid? PackageId,
    IReadOnlyList<string> PaymentMethodIds, int AttemptsPerDay, decimal BonusCredits, DateTimeOffset? LastTriggeredAt,
    CooldownAnswer Cooldown, LimitAnswer Limit, int ConsecutiveFailures, DateTimeOffset? BackoffUntil,
    string NextReason,
    DateTimeOffset? NextRechargeAt, SmartAnswerBody Smart, int NoticeHours, DateTimeOffset? NoticedFor, int GraceDays,
    DateTimeOffset? GraceUntil)
{
    public static AutoRechargeAnswer Of(RechargeView view, RechargeOptions options)
    {
        var rule = view.Rule
            ?? RechargeRuleBuilder.New(
                Guid.Empty, view.Plan, RechargeDoor.StripeApi, options, DateTimeOffset.UnixEpoch);
        var amount = view.Rule?.AmountE4 is { } e4 ? new Amount(e4, rule.Unit).ToDecimal() : (decimal?)null;
        return new AutoRechargeAnswer(
            rule.Enabled, rule.PausedReason is { } pause ? RechargeTexts.Code(pause) : null, rule.Unit.ToCode(),
            rule.Threshold.ToDecimal(),
            RechargeTexts.Code(rule.Size), amount, rule.Size is RechargeSize.Target ? null : amount, rule.PackageId,
            [.. view.Usable.Select(card => card.PaymentMethodId)], rule.AttemptsPerDay,
            rule.Unit is Kernel.Unit.Credits ? options.BonusCredits : 0, rule.LastTriggeredAt,
            new CooldownAnswer(options.CooldownMinutes, view.CooldownUntil), LimitAnswer.Of(rule, view),
            rule.ConsecutiveFailures,
            rule.BackoffUntil, RechargeTexts.Code(view.Now.Reason), view.NextRechargeAt,
            SmartAnswerBody.Of(rule, view.Smart, options), rule.NoticeHours, rule.NoticedFor, rule.GraceDays,
            rule.GraceUntil);
    }
}

/// <summary>
/// Smart mode: who chooses threshold and amount (<c>off</c>, <c>propose</c>, <c>automatic</c>), and what the last days
/// suggest; the two values are null where they suggest nothing, which the reason then explains.
/// </summary>
internal sealed record SmartAnswerBody(
    string Mode, decimal? ProposedThreshold, decimal? ProposedAmount, string Reason)
{
    public static SmartAnswerBody Of(RechargeRule rule, SmartAnswer answer, RechargeOptions options) => new(
        RechargeTexts.Code(rule.Smart), answer.Values?.Threshold.ToDecimal(), answer.Values?.Amount.ToDecimal(),
        answer.Sentence(options));
}

/// <summary>The pause after an attempt; <c>until</c> is null when none runs.</summary>
internal sealed record CooldownAnswer(int Minutes, DateTimeOffset? Until);

/// <summary>The monthly spending limit in US dollars; <c>monthly</c> and <c>left</c> are null without one.</summary>
internal sealed record LimitAnswer(decimal? Monthly, decimal Spent, decimal? Left, DateTimeOffset ResetsAt)
{
    public static LimitAnswer Of(RechargeRule rule, RechargeView view) => new(
        rule.MonthlyLimitCents / 100m, view.SpentCents / 100m,
        rule.MonthlyLimitCents is { } limit ? Math.Max(0, limit - view.SpentCents) / 100m : null, view.Month.End);
}

/// <summary>
/// What a hand-made trigger came to: the attempt and its state, or the reason why nothing was charged.
/// </summary>
internal sealed record TriggerAnswer(
    bool Success,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    Guid? AttemptId,
    string Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    string? Reason)
{
    public static TriggerAnswer Of(RechargeRun run) => new(
        run.Succeeded, run.AttemptId, run.State is { } state ? RechargeTexts.Code(state) : "skipped",
        run.AttemptId is null ? RechargeTexts.Code(run.Reason) : null);
}

/// <summary>The cron caller's answer.</summary>
internal sealed record SweepAnswer(
    string Message, int Processed, int Recharged, int Skipped, int Failed, DateTimeOffset Timestamp);
