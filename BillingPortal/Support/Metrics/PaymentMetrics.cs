namespace BillingPortal.Support.Metrics;

/// <summary>Payments and recharges of the last days, of one reading. Days are UTC.</summary>
public sealed record PaymentMetrics(
    int Days, DateTimeOffset From, DateTimeOffset ReadAt, IReadOnlyList<RevenueDay> Revenue, IReadOnlyList<PaymentKindRow> Kinds,
    IReadOnlyList<TriggerRow> Triggers, IReadOnlyList<OutcomeRow> Outcomes, IReadOnlyList<DeclineRow> Declines,
    CreditDelay Delay)
{
    public long RevenueCents => Revenue.Sum(day => day.Cents);

    public int Payments => Revenue.Sum(day => day.Payments);

    /// <summary>Attempts of auto-recharge that are over, and how many of them were paid.</summary>
    public (int Ended, int Succeeded) Recharges =>
        (Triggers.Sum(row => row.Ended), Triggers.Sum(row => row.Succeeded));

    public bool IsEmpty => Payments == 0 && Kinds.Count == 0 && Triggers.Count == 0;

    /// <summary>In per cent with one decimal; null without anything to divide.</summary>
    public static decimal? Rate(int part, int whole) =>
        whole == 0 ? null : Math.Round(100m * part / whole, 1, MidpointRounding.AwayFromZero);
}

/// <summary>What was paid on one day, before refunds.</summary>
public sealed record RevenueDay(DateOnly Day, int Payments, long Cents);

/// <summary>Payments of one kind that were begun in the period.</summary>
/// <param name="Refunded">Of what they paid, given back since.</param>
public sealed record PaymentKindRow(string Kind, int Begun, int Paid, int Failed, long Cents, long Refunded);

/// <summary>Recharges by who asked for them.</summary>
public sealed record TriggerRow(string Trigger, int Attempts, int Ended, int Succeeded, long Cents);

/// <summary>How attempts stand, and how many cards they asked on average.</summary>
public sealed record OutcomeRow(string State, int Attempts, decimal Cards);

/// <summary>Attempts that met this refusal, and how many of them another card or the cardholder brought to success all the same.</summary>
public sealed record DeclineRow(string Code, int Attempts, int Succeeded);

/// <summary>From taking up the crossing to the credits, in seconds; null without a paid one.</summary>
public sealed record CreditDelay(int Recharges, double? Median, double? P95);
