using BillingPortal.Kernel;
using Microsoft.AspNetCore.WebUtilities;

namespace BillingPortal.Wallet;

/// <summary>Where a filtered list stands: on the page and as a file.</summary>
internal static class TransactionAddress
{
    public static string Page(TransactionQuery query) => With("/transactions", query);

    public static string Csv(TransactionQuery query) =>
        With("/api/credits/transactions.csv", query with { Cursor = null });

    /// <summary>The list that begins with this entry.</summary>
    public static string Entry(Unit unit, long seq) =>
        $"/transactions?unit={unit.ToCode()}&cursor={new TransactionCursor(unit, seq + 1)}";

    /// <summary>What was used in a month that is settled as one, like 2026-11.</summary>
    public static string Month(string month) => $"/wallet/months/{month}";

    /// <summary>Every entry about one call, message or event.</summary>
    public static string Reference(Unit unit, string reference) =>
        QueryHelpers.AddQueryString("/transactions", new Dictionary<string, string?>
        {
            ["unit"] = unit.ToCode(),
            ["reference"] = reference,
        });

    private static string With(string path, TransactionQuery query)
    {
        var parts = new Dictionary<string, string?>
        {
            ["unit"] = query.Unit,
            ["from"] = query.From,
            ["to"] = query.To,
            ["kind"] = query.Kind,
            ["service"] = query.Service,
            ["reference"] = query.Reference,
            ["cursor"] = query.Cursor,
        };
        return QueryHelpers.AddQueryString(path, parts.Where(part => !string.IsNullOrWhiteSpace(part.Value)));
    }
}
