using BillingPortal.Kernel;
using BillingPortal.Web;

namespace BillingPortal.Documents.Statements;

/// <summary>Where a page of statements ended: the month and account of its last one. Within a month credits come before dollars.</summary>
public readonly record struct StatementCursor(StatementMonth Month, Unit Unit)
{
    public override string ToString() => Paging.Encode(Month.ToString(), Unit.ToCode());

    /// <summary>Null for anything that <see cref="ToString"/> did not make.</summary>
    public static StatementCursor? Parse(string text) =>
        Paging.Decode(text) is [var month, var code] && StatementMonth.Parse(month) is { } period && Units.Parse(code) is { } unit
            ? new StatementCursor(period, unit)
            : null;

    /// <summary>True for what stands below the cursor.</summary>
    internal bool Precedes(Statement statement) =>
        statement.Period < Month || (statement.Period == Month && statement.Unit > Unit);
}
