using BillingPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Messaging;

/// <summary>Looks things up in the opt-out list. Changes nothing.</summary>
public sealed class SmsOptOutReader(Database database)
{
    /// <summary>More than that is found by searching, not by scrolling.</summary>
    public const int RowsMax = 500;

    /// <param name="text">Part of a number, with or without its punctuation; empty: all.</param>
    /// <returns>The newest first, and whether there are more than <paramref name="most"/>.</returns>
    public async Task<(IReadOnlyList<SmsOptOut> Rows, bool HasMore)> FindAsync(
        Guid tenantId, string? text, int most, CancellationToken cancellationToken = default)
    {
        most = Math.Clamp(most, 1, RowsMax);
        var digits = string.Concat((text ?? "").Where(char.IsAsciiDigit));
        await using var work = await database.BeginAsync(tenantId, cancellationToken);
        var optOuts = work.Db.Set<SmsOptOut>().AsNoTracking().Where(row => row.TenantId == tenantId);
        if (digits.Length > 0)
        {
            optOuts = optOuts.Where(row => row.Peer.Contains(digits) || row.Number.Contains(digits));
        }
        else if (!string.IsNullOrWhiteSpace(text))
        {
            return ([], false);
        }

        var rows = await optOuts.OrderByDescending(row => row.OptedOutAt).ThenByDescending(row => row.Number)
            .ThenByDescending(row => row.Peer).Take(most + 1).ToListAsync(cancellationToken);
        return ([.. rows.Take(most)], rows.Count > most);
    }
}
