using BillingPortal.Kernel;

namespace BillingPortal.Analytics;

/// <summary>Sums of lines. Adding is all they can do.</summary>
/// <param name="Uses">How many lines took something.</param>
/// <param name="Quantity">As the service counts; only of one service does it mean something.</param>
public readonly record struct UsageSums(long Uses, decimal Quantity, long OutE4, long InE4)
{
    /// <summary>What was spent: what went out less what was given back.</summary>
    public long SpentE4 => OutE4 - InE4;

    public bool IsNothing => this is { Uses: 0, OutE4: 0, InE4: 0 };

    public static UsageSums operator +(UsageSums left, UsageSums right) => new(
        left.Uses + right.Uses, left.Quantity + right.Quantity, left.OutE4 + right.OutE4, left.InE4 + right.InE4);

    public static UsageSums operator -(UsageSums left, UsageSums right) => new(
        left.Uses - right.Uses, left.Quantity - right.Quantity, left.OutE4 - right.OutE4, left.InE4 - right.InE4);
}

/// <summary>What a row stands for.</summary>
public enum UsageRowKind
{
    /// <summary>A service, a number, a tag's value.</summary>
    Value = 1,

    /// <summary>Every value beyond the first twenty.</summary>
    Other,

    /// <summary>Lines that have no number, or not this tag.</summary>
    Without,
}

/// <summary>One row of the table: the period, and the one before it.</summary>
/// <param name="Key">The service's code, the number, the tag's value; empty for the rest.</param>
public sealed record UsageRow(UsageRowKind Kind, string Key, UsageSums Sums, UsageSums Before);

/// <summary>One column of the chart.</summary>
/// <param name="Last">Its last day, included.</param>
/// <param name="Rows">In the order of the report's rows.</param>
public sealed record UsageColumn(DateOnly First, DateOnly Last, IReadOnlyList<UsageSums> Rows)
{
    public UsageSums Total => Rows.Aggregate((left, right) => left + right);
}

/// <summary>
/// How what is shown adds up with the ledger. Always: <see cref="UsedE4"/> + <see cref="OtherE4"/> =
/// <see cref="DebitsE4"/> − <see cref="SettledE4"/> + <see cref="ReservedE4"/>.
/// </summary>
/// <param name="DebitsE4">Every debit of the period, as the Transactions page sums it.</param>
/// <param name="SettledE4">Of them the settlements of months whose usage counts on its own days.</param>
/// <param name="ReservedE4">Used in the period and reserved with its month.</param>
/// <param name="UsedE4">What services took.</param>
/// <param name="GivenBackE4">What was given back for services.</param>
/// <param name="OtherE4">Debits that are no usage: expired, disputed, adjusted, debt repaid.</param>
public sealed record UsageTie(long DebitsE4, long SettledE4, long ReservedE4, long UsedE4, long GivenBackE4, long OtherE4);

/// <summary>The answer to a question about usage, of one snapshot of the books.</summary>
/// <param name="Rows">The dearest first, then <see cref="UsageRowKind.Other"/>, then <see cref="UsageRowKind.Without"/>.</param>
/// <param name="Values">How many values there are in the period; the rows may show fewer.</param>
/// <param name="Tags">The keys that may be chosen.</param>
public sealed record UsageReport(
    UsageRequest Request, IReadOnlyList<UsageRow> Rows, IReadOnlyList<UsageColumn> Columns, UsageSums Total, UsageSums Before,
    UsageTie Tie, int Values, IReadOnlyList<string> Tags)
{
    public Unit Unit => Request.Unit;

    public bool IsEmpty => Total.IsNothing && Before.IsNothing;

    public Amount Of(long e4) => new(e4, Unit);
}
