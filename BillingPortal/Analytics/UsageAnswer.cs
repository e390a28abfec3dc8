using BillingPortal.Data;
using BillingPortal.Kernel;

namespace BillingPortal.Analytics;

/// <summary>The answer of <c>GET /api/analytics/usage</c>. Amounts are exact to four places; days are UTC, both ends included.</summary>
/// <param name="Previous">The days that each row's change is against.</param>
/// <param name="Values">How many values there are; the rows show the twenty dearest, the others together.</param>
/// <param name="Tags">Keys of the events' metadata that can be asked for as <c>tag</c>.</param>
public sealed record UsageAnswer(
    string Unit, UsageAnswer.Days Period, UsageAnswer.Days Previous, string Group, string? Tag, string By, string? Service,
    UsageAnswer.Sums Total, IReadOnlyList<UsageAnswer.Row> Rows, IReadOnlyList<UsageAnswer.Column> Columns, UsageAnswer.Tie Books,
    int Values, IReadOnlyList<string> Tags)
{
    internal static UsageAnswer Of(UsageReport report)
    {
        var request = report.Request;
        return new UsageAnswer(
            request.Unit.ToCode(), new Days(request.First, request.Last), new Days(request.Before.First, request.Before.Last),
            TextCodes.Of(request.Group), request.Tag, TextCodes.Of(request.Step), request.Service, SumsOf(report, report.Total),
            [.. report.Rows.Select(row => RowOf(report, row))],
            [.. report.Columns.Select(column => new Column(
                column.First, column.Last, [.. column.Rows.Select(sums => report.Of(sums.SpentE4).ToDecimal())]))],
            TieOf(report), report.Values, report.Tags);
    }

    private static Row RowOf(UsageReport report, UsageRow row) => new(
        TextCodes.Of(row.Kind), row.Kind is UsageRowKind.Value ? row.Key : null, SumsOf(report, row.Sums),
        UsageTexts.QuantityUnit(report.Request, row) is null ? null : row.Sums.Quantity, UsageTexts.QuantityUnit(report.Request, row),
        report.Total.SpentE4 <= 0 ? null : decimal.Round((decimal)row.Sums.SpentE4 / report.Total.SpentE4, 4),
        report.Of(row.Before.SpentE4).ToDecimal());

    private static Sums SumsOf(UsageReport report, UsageSums sums) => new(
        sums.Uses, report.Of(sums.OutE4).ToDecimal(), report.Of(sums.InE4).ToDecimal(), report.Of(sums.SpentE4).ToDecimal());

    private static Tie TieOf(UsageReport report)
    {
        var tie = report.Tie;
        return new Tie(
            report.Of(tie.DebitsE4).ToDecimal(), report.Of(tie.SettledE4).ToDecimal(), report.Of(tie.ReservedE4).ToDecimal(),
            report.Of(tie.UsedE4).ToDecimal(), report.Of(tie.GivenBackE4).ToDecimal(), report.Of(tie.OtherE4).ToDecimal());
    }

    /// <summary>A run of UTC days, both ends included.</summary>
    public sealed record Days(DateOnly From, DateOnly To);

    /// <summary>What went out, what came back, and the difference.</summary>
    public sealed record Sums(long Uses, decimal Used, decimal GivenBack, decimal Spent);

    /// <param name="Kind"><c>value</c>, <c>other</c> (beyond the twenty dearest) or <c>without</c> (no number, not this tag).</param>
    /// <param name="Quantity">Null where the row mixes services.</param>
    /// <param name="Share">Of all that was spent, 0 to 1.</param>
    public sealed record Row(
        string Kind, string? Key, Sums Sums, decimal? Quantity, string? QuantityUnit, decimal? Share, decimal PreviousSpent);

    /// <param name="Spent">In the order of the rows.</param>
    public sealed record Column(DateOnly From, DateOnly To, IReadOnlyList<decimal> Spent);

    /// <summary>used + otherDebits = debits − settled + reserved.</summary>
    public sealed record Tie(
        decimal Debits, decimal Settled, decimal Reserved, decimal Used, decimal GivenBack, decimal OtherDebits);
}
