using System.ComponentModel.DataAnnotations;

namespace BillingPortal.AutoRecharge;

/// <summary>Settings of section <c>AutoRecharge</c>. The source of each default stands beside it.</summary>
public sealed class RechargeOptions : IValidatableObject
{
    public const string Section = "AutoRecharge";

    /// <summary>From the start of an attempt that was charged or declined (contract: one hour).</summary>
    [Range(0, 10_080)]
    public int CooldownMinutes { get; init; } = 60;

    /// <summary>Wait after the first, second … failed attempt in a row (contract: 1 h and 6 h).</summary>
    public int[] BackoffMinutes { get; init; } = [];

    /// <summary>The failed attempt in a row that pauses (contract: the third).</summary>
    [Range(1, 100)]
    public int FailuresBeforePause { get; init; } = 3;

    /// <summary>For new rules (money-in: default 5).</summary>
    [Range(1, 1000)]
    public int AttemptsPerDay { get; init; } = 5;

    /// <summary>Credits given on top of every auto-recharge; none on the wallet plan (contract: 20).</summary>
    [Range(0, 1_000_000)]
    public decimal BonusCredits { get; init; } = 20;

    /// <summary>Threshold of a rule created without one (contract: 100).</summary>
    [Range(0, 100_000_000)]
    public decimal DefaultThreshold { get; init; } = 100;

    /// <summary>The same through <c>/api/credits/*</c> (contract: 10, as older clients expect).</summary>
    [Range(0, 100_000_000)]
    public decimal DefaultThresholdOfCreditsApi { get; init; } = 10;

    /// <summary>
    /// Credits bought when a rule names no size (the smallest default package that is worth its fee).
    /// </summary>
    [Range(1, 100_000_000)]
    public decimal DefaultCredits { get; init; } = 100;

    /// <summary>Wallet plan, US dollars (contract: 10).</summary>
    [Range(0, 1_000_000)]
    public decimal DefaultWalletThreshold { get; init; } = 10;

    /// <summary>Wallet plan, US dollars (contract: 20).</summary>
    [Range(1, 1_000_000)]
    public decimal DefaultWalletAmount { get; init; } = 20;

    /// <summary>No single charge below this (contract, purchase bounds: $1).</summary>
    [Range(50, 99_999_999)]
    public long ChargeMinCents { get; init; } = 100;

    /// <summary>No single charge above this (contract, purchase bounds: $10,000).</summary>
    [Range(50, 99_999_999)]
    public long ChargeMaxCents { get; init; } = 1_000_000;

    /// <summary>Usage of an hour above this many times the tenant's median hour pauses (money-in: 10).</summary>
    [Range(2, 10_000)]
    public int SpikeMultiple { get; init; } = 10;

    /// <summary>Less than this in an hour never counts as a spike (money-in: 500 credits).</summary>
    [Range(0, 100_000_000)]
    public decimal SpikeMinimumCredits { get; init; } = 500;

    /// <summary>The same for the wallet plan: about what 500 credits cost.</summary>
    [Range(0, 1_000_000)]
    public decimal SpikeMinimumUsd { get; init; } = 12;

    /// <summary>Days behind the median hour, and behind the forecast (money-in: 14).</summary>
    [Range(1, 90)]
    public int HistoryDays { get; init; } = 14;

    /// <summary>A median of fewer hours with usage says nothing about a tenant's habit: no brake yet.</summary>
    [Range(1, 2_000)]
    public int SpikeHoursMin { get; init; } = 24;

    /// <summary>How long a person's "this usage is meant" holds.</summary>
    [Range(1, 720)]
    public int SpikeConfirmedHours { get; init; } = 24;

    /// <summary>
    /// A forecast from fewer whole days is a guess and is not shown (the Overview's forecast has the same bound).
    /// </summary>
    [Range(1, 90)]
    public int ForecastDaysMin { get; init; } = 7;

    /// <summary>Smart mode goes by at least so many days with use (issue 4: at least 7 of the last 14).</summary>
    [Range(1, 90)]
    public int SmartDaysMin { get; init; } = 7;

    /// <summary>
    /// Median days that the proposed threshold covers: the third try of a declined card comes 7 hours after the first
    /// (<see cref="BackoffMinutes"/>), so a day leaves room for all of them.
    /// </summary>
    [Range(1, 14)]
    public int SmartThresholdDays { get; init; } = 1;

    /// <summary>Median days that the proposed amount lasts: about one charge a week, as statements and people count.</summary>
    [Range(1, 31)]
    public int SmartAmountDays { get; init; } = 7;

    /// <summary>No proposal below this (contract: the smallest default threshold, 10).</summary>
    [Range(1, 1_000_000)]
    public decimal SmartMinimumCredits { get; init; } = 10;

    /// <summary>The same for the wallet plan (contract, purchase bounds: $1).</summary>
    [Range(1, 1_000_000)]
    public decimal SmartMinimumUsd { get; init; } = 1;

    /// <summary>Smart mode leaves values alone that are nearer than this: rounding alone can move one by a tenth.</summary>
    [Range(1, 100)]
    public int SmartChangePercent { get; init; } = 15;

    /// <summary>A change of at least this is mailed (issue 4: only if it changed noticeably; a quarter is).</summary>
    [Range(1, 1000)]
    public int SmartMailPercent { get; init; } = 25;

    /// <summary>Rules that one night's run, or one look for notices, goes through; the next goes on.</summary>
    [Range(1, 100_000)]
    public int SmartTenantsMax { get; init; } = 20_000;

    /// <summary>Life of the link to finish 3-D Secure (contract: 24 h).</summary>
    [Range(1, 168)]
    public int LinkHours { get; init; } = 24;

    /// <summary>Shares of the spending limit that are mailed (money-in: 80, 90, 100).</summary>
    public int[] LimitWarnPercents { get; init; } = [];

    /// <summary>Tenants per run of the 15-minute sweep (house.md's own example: 500).</summary>
    [Range(1, 100_000)]
    public int SweepTenantsMax { get; init; } = 500;

    /// <summary>Tenants charged side by side in one process: each waits for Stripe most of the time.</summary>
    [Range(1, 64)]
    public int TenantsAtOnce { get; init; } = 8;

    /// <summary>
    /// An attempt that nobody has touched for this long is taken up by whoever sweeps (promise: 2 minutes).
    /// </summary>
    [Range(5, 100)]
    public int StaleAfterSeconds { get; init; } = 30;

    /// <summary>Pause between two looks for stale attempts and lost requests (promise: 2 minutes).</summary>
    [Range(1, 60)]
    public int FastSweepSeconds { get; init; } = 15;

    /// <summary>Stripe keeps idempotency keys at least 24 h; an hour of margin (providers.md).</summary>
    [Range(1, 24)]
    public int KeyHours { get; init; } = 23;

    public TimeSpan Cooldown => TimeSpan.FromMinutes(CooldownMinutes);

    /// <summary>
    /// Arrays have no default that configuration could replace rather than append to; hence these two.
    /// </summary>
    public IReadOnlyList<int> BackoffSteps => BackoffMinutes is [] ? [60, 360] : BackoffMinutes;

    public IReadOnlyList<int> WarnPercents => LimitWarnPercents is [] ? [80, 90, 100] : LimitWarnPercents;

    /// <summary>The wait after the <paramref name="failures"/>th failed attempt in a row.</summary>
    public TimeSpan BackoffAfter(int failures) =>
        TimeSpan.FromMinutes(BackoffSteps[Math.Clamp(failures - 1, 0, BackoffSteps.Count - 1)]);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (ChargeMinCents > ChargeMaxCents)
        {
            yield return new ValidationResult($"{Section}:ChargeMinCents must not be above {Section}:ChargeMaxCents.");
        }

        if (BackoffSteps.Any(minutes => minutes is < 0 or > 10_080))
        {
            yield return new ValidationResult($"{Section}:BackoffMinutes must lie between 0 and 10080.");
        }

        if (WarnPercents.Any(percent => percent is < 1 or > 100))
        {
            yield return new ValidationResult($"{Section}:LimitWarnPercents must lie between 1 and 100.");
        }
    }
}
