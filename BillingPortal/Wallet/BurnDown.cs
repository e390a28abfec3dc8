using BillingPortal.Kernel;
using BillingPortal.Pricing;

namespace BillingPortal.Wallet;

/// <summary>
/// What the burn-down chart draws: whole days of one account, the last one being today, and where it is heading.
/// </summary>
/// <param name="Threshold">Below it auto-recharge steps in; null when it is off.</param>
/// <param name="Forecast">Null with too little history.</param>
public sealed record BurnDown(Unit Unit, IReadOnlyList<DayOfUse> Days, Amount? Threshold, Forecast? Forecast)
{
    /// <summary>Services in the order in which they are stacked: the most used one at the bottom.</summary>
    public IReadOnlyList<string> Services { get; } =
    [
        .. Days.SelectMany(day => day.UsedByService)
            .GroupBy(use => use.Key, use => use.Value.E4, StringComparer.Ordinal)
            .Where(service => service.Sum() > 0)
            .OrderByDescending(service => service.Sum()).ThenBy(service => service.Key, StringComparer.Ordinal)
            .Select(service => service.Key),
    ];

    public Amount UsedOf(string service) => Days.Aggregate(Amount.Zero(Unit), (sum, day) => sum + day.UsedOf(service));

    public Amount Used => Days.Aggregate(Amount.Zero(Unit), (sum, day) => sum + day.Used);

    public Amount ToppedUp => Days.Aggregate(Amount.Zero(Unit), (sum, day) => sum + day.ToppedUp);
}

/// <summary>One day in the tenant's time zone.</summary>
/// <param name="EndBalance">The balance at the end of the day; of today, the balance now.</param>
/// <param name="UsedByService">Debits less refunds of the day, by service code.</param>
/// <param name="ToppedUp">Everything that was credited and is no refund of usage.</param>
public sealed record DayOfUse(
    DateOnly Day, Amount EndBalance, IReadOnlyDictionary<string, Amount> UsedByService, Amount ToppedUp)
{
    public Amount Used => UsedByService.Values.Aggregate(Amount.Zero(EndBalance.Unit), (sum, use) => sum + use);

    /// <summary>Without the rent of numbers, which falls due on days of its own.</summary>
    public Amount UsedBesidesNumbers => Used - UsedOf(ServiceCodes.NumberMonthly) - UsedOf(ServiceCodes.NumberSetUp);

    public Amount UsedOf(string service) => UsedByService.GetValueOrDefault(service, Amount.Zero(EndBalance.Unit));
}

/// <summary>Where the available amount is heading at the usual pace.</summary>
/// <param name="DailyPace">The median daily use of the last 14 days besides numbers; zero where only numbers cost.</param>
/// <param name="LastsUntil">When nothing is left; null when that is years away.</param>
/// <param name="RechargeAt">When auto-recharge's threshold is crossed; null when it is off or years away.</param>
public sealed record Forecast(Amount Available, Amount DailyPace, DateTimeOffset? LastsUntil,
    DateTimeOffset? RechargeAt)
{
    /// <summary>Renewals of numbers until then, the soonest first; they are part of the reckoning.</summary>
    public IReadOnlyList<Renewal> Renewals { get; init; } = [];

    /// <summary>What renewals take before nothing is left.</summary>
    public Amount Rent => Renewals.Where(renewal => renewal.At <= (LastsUntil ?? DateTimeOffset.MaxValue))
        .Aggregate(Amount.Zero(Available.Unit), (sum, renewal) => sum + renewal.Amount);
}

/// <summary>Phone numbers that renew at the same time, and their rent together.</summary>
public sealed record Renewal(DateTimeOffset At, Amount Amount, int Numbers);
