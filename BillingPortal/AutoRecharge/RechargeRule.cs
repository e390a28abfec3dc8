using BillingPortal.Kernel;

namespace BillingPortal.AutoRecharge;

/// <summary>
/// How one tenant wants its account topped up. <see cref="Enabled"/> stays as the person set it; <see
/// cref="PausedReason"/> says why nothing is charged all the same. Its row is the lock under which attempts are
/// decided.
/// </summary>
public sealed class RechargeRule
{
    public Guid TenantId { get; init; }

    /// <summary>The unit of the tenant's plan when the rule was saved; amounts below are in it.</summary>
    public Unit Unit { get; set; }

    public bool Enabled { get; set; }

    public long ThresholdE4 { get; set; }

    public RechargeSize Size { get; set; }

    /// <summary>
    /// For <see cref="RechargeSize.Amount"/>: what to buy. For <see cref="RechargeSize.Target"/>: the balance to reach.
    /// </summary>
    public long? AmountE4 { get; set; }

    /// <summary>For <see cref="RechargeSize.Package"/>.</summary>
    public Guid? PackageId { get; set; }

    /// <summary>Saved cards in the order of trying; empty: the default card, then the others in their order.</summary>
    public Guid[] CardIds { get; set; } = [];

    /// <summary>An invoice is issued instead of charging a card; for tenants that may buy on invoice.</summary>
    public bool PaysByInvoice { get; set; }

    /// <summary>US cents per calendar month (UTC), auto-recharges only; null: none.</summary>
    public long? MonthlyLimitCents { get; set; }

    public int AttemptsPerDay { get; set; }

    public RechargePause? PausedReason { get; set; }

    public DateTimeOffset? PausedAt { get; set; }

    public int ConsecutiveFailures { get; set; }

    /// <summary>When the failure came that <see cref="BackoffUntil"/> follows.</summary>
    public DateTimeOffset? BackoffSince { get; set; }

    public DateTimeOffset? BackoffUntil { get; set; }

    /// <summary>
    /// The first attempt of a series that did not go through; only a payment ends the series, not a new card by itself.
    /// </summary>
    public DateTimeOffset? FailingSince { get; set; }

    /// <summary>Days from <see cref="FailingSince"/> on which unpaid phone numbers stay in service; 0: none.</summary>
    public int GraceDays { get; set; }

    /// <summary>Who chooses threshold and amount.</summary>
    public SmartMode Smart { get; set; } = SmartMode.Off;

    /// <summary>Hours before a likely recharge at which people are told; 0: they are not.</summary>
    public int NoticeHours { get; set; }

    /// <summary>The median use of a whole day, as reckoned at <see cref="PaceAt"/>; null: too little is known.</summary>
    public long? PaceE4 { get; set; }

    public DateTimeOffset? PaceAt { get; set; }

    /// <summary>When the coming recharge was announced; null until it is.</summary>
    public DateTimeOffset? NoticedAt { get; set; }

    /// <summary>When it was announced for.</summary>
    public DateTimeOffset? NoticedFor { get; set; }

    /// <summary>When a person last said that an unusual pace of usage is meant.</summary>
    public DateTimeOffset? SpikeConfirmedAt { get; set; }

    /// <summary>The month (first day, UTC) that <see cref="LimitWarnedPercent"/> speaks of.</summary>
    public DateOnly? LimitWarnedMonth { get; set; }

    /// <summary>The highest share of the spending limit that was mailed in that month.</summary>
    public int LimitWarnedPercent { get; set; }

    /// <summary>
    /// The last purchase that was taken note of, so that a repeated message cannot undo what a person set since.
    /// </summary>
    public Guid? LastPurchaseId { get; set; }

    /// <summary>
    /// When the sweep last looked: with more due tenants than fit one run, the longest unseen go first.
    /// </summary>
    public DateTimeOffset? SweptAt { get; set; }

    /// <summary>When the last attempt began, whatever became of it.</summary>
    public DateTimeOffset? LastTriggeredAt { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Who last saved the rule: a user, or null for an API key or a purchase.</summary>
    public Guid? UpdatedBy { get; set; }

    public Amount Threshold => new(ThresholdE4, Unit);

    /// <summary>Set up and nothing in the way: what an API client means by enabled.</summary>
    public bool IsActive => Enabled && PausedReason is null;

    /// <summary>Until when phone numbers stay in service although a payment has failed; null: nothing is in grace.</summary>
    public DateTimeOffset? GraceUntil => Enabled && GraceDays > 0 ? FailingSince?.AddDays(GraceDays) : null;
}

/// <summary>How the size of a recharge is chosen.</summary>
public enum RechargeSize
{
    Amount = 1,
    Package = 2,
    Target = 3,
}

/// <summary>Why an enabled rule charges nothing until a person or a payment clears it.</summary>
public enum RechargePause
{
    Failures = 1,
    Spike = 2,
}
