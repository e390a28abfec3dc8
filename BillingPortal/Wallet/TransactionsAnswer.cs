using BillingPortal.Data;
using BillingPortal.Kernel;

namespace BillingPortal.Wallet;

/// <summary>The answer of <c>GET /api/credits/transactions</c>.</summary>
/// <param name="NextCursor">Give it back as <c>cursor</c> for the next older page; null at the end.</param>
public sealed record TransactionsAnswer(
    string Unit, IReadOnlyList<TransactionsAnswer.Row> Transactions, TransactionsAnswer.Sums Totals, string? NextCursor)
{
    internal static TransactionsAnswer Of(Unit unit, TransactionPage page, TransactionTotals totals) => new(
        unit.ToCode(),
        [.. page.Rows.Select(Row.Of)],
        new Sums(
            totals.Count, totals.In.ToDecimal(), totals.Out.ToDecimal(), totals.Net.ToDecimal(), totals.IsComplete),
        page.Next?.ToString());

    /// <summary>One entry; amounts exact to four places, money out negative.</summary>
    public sealed record Row(
        string Id, string Kind, string? Service, decimal Amount, decimal BalanceBefore, decimal BalanceAfter,
        string? Reference, string Description, Cause Cause, DateTimeOffset OccurredAt, DateTimeOffset PostedAt)
    {
        internal static Row Of(Transaction entry) => new(
            entry.Id, TextCodes.Of(entry.Kind), entry.Service, entry.Amount.ToDecimal(),
            entry.BalanceBefore.ToDecimal(), entry.BalanceAfter.ToDecimal(), entry.Reference,
            TransactionText.Describe(entry), new Cause(entry.CauseType, entry.CauseId), entry.OccurredAt, entry.PostedAt);
    }

    /// <summary>What made an entry, for example <c>purchase</c> and its id.</summary>
    public sealed record Cause(string Type, string? Id);

    /// <summary>Sums of everything the filter lets through, on all pages.</summary>
    /// <param name="IsComplete">False: a text search was cut off; the sums are of its newest part.</param>
    public sealed record Sums(long Count, decimal In, decimal Out, decimal Net, bool IsComplete);
}
