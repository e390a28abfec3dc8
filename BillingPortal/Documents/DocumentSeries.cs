using BillingPortal.Data;

namespace BillingPortal.Documents;

/// <summary>
/// Running numbers without gaps: the row of a series and year is the lock, and a number that is not committed is given
/// out again. In the caller's transaction, of the operations role.
/// </summary>
internal static class DocumentSeries
{
    public static async Task<int> NextAsync(
        UnitOfWork unit, string series, int year, CancellationToken cancellationToken)
    {
        await using var count = unit.Command(
            """
            INSERT INTO receipt_series AS s (series, year, last_number) VALUES ($1, $2, 1)
            ON CONFLICT (series, year) DO UPDATE SET last_number = s.last_number + 1
            RETURNING last_number
            """,
            series, year);
        return (int)(await count.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>The number just taken is not needed after all; the lock is still held.</summary>
    public static async Task GiveBackAsync(
        UnitOfWork unit, string series, int year, CancellationToken cancellationToken)
    {
        await using var giveBack = unit.Command(
            "UPDATE receipt_series SET last_number = last_number - 1 WHERE series = $1 AND year = $2", series, year);
        await giveBack.ExecuteNonQueryAsync(cancellationToken);
    }
}
