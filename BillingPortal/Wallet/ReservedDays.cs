using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Settlement;
using Npgsql;

namespace BillingPortal.Wallet;

/// <summary>
/// Lets usage that is reserved with a month count as used on its day, settled or not; the settlement, which is the same
/// once more, is left out. Reads only.
/// </summary>
public sealed class ReservedDays(TimeProvider clock)
{
    /// <summary>The sums of entries by day, with what was reserved since <paramref name="from"/>.</summary>
    public async Task<IReadOnlyList<EntryDay>> MergeAsync(
        UnitOfWork work, Guid tenantId, IReadOnlyList<EntryDay> entries, Unit account, string timeZone, DateOnly from,
        CancellationToken cancellationToken = default)
    {
        if (account is not Unit.Usd)
        {
            return entries;
        }

        await using var command = Sums(work, tenantId, timeZone, from, HoldIds(tenantId, from));
        var merged = entries.Where(day => day.Kind is not EntryKind.Settlement).ToList();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            merged.Add(new EntryDay
            {
                TenantId = tenantId,
                Unit = account,
                Day = reader.GetFieldValue<DateOnly>(0),
                Kind = EntryKind.Usage,
                Service = reader.GetString(1),
                OutE4 = reader.GetInt64(2),
                Entries = reader.GetInt64(3),
            });
        }

        return merged;
    }

    // First by quarters of an hour, of which the days of every zone are made (100,000 uses: a third less time).
    internal static NpgsqlCommand Sums(UnitOfWork work, Guid tenantId, string timeZone, DateOnly from, Guid[] holdIds) =>
        work.Command(
            """
            SELECT (q.quarter AT TIME ZONE $2)::date AS day, q.service, sum(q.amount_e4)::bigint, sum(q.uses)::bigint
            FROM (
              SELECT date_bin('15 minutes', x.occurred_at, timestamptz '2000-01-01Z') AS quarter, x.service,
                sum(x.amount_e4) AS amount_e4, count(*) AS uses
              FROM hold_extensions AS x
              WHERE x.tenant_id = $1 AND x.hold_id = ANY ($4) AND x.occurred_at >= ($3::date)::timestamp AT TIME ZONE $2
              GROUP BY 1, 2) AS q
            GROUP BY 1, 2
            """,
            tenantId, timeZone, from, holdIds);

    // Usage is reserved with its own month or a later one; the day before may be another month in UTC.
    private Guid[] HoldIds(Guid tenantId, DateOnly from)
    {
        var last = BillingMonth.Of(clock.GetUtcNow()).Next;
        var first = BillingMonth.Of(new DateTimeOffset(from.AddDays(-1), TimeOnly.MinValue, TimeSpan.Zero));
        var ids = new List<Guid>();
        for (var month = first; month <= last; month = month.Next)
        {
            ids.Add(month.HoldIdOf(tenantId));
        }

        return [.. ids];
    }

    /// <summary>What of the balance is used already, and settled later.</summary>
    public async Task<Amount> OpenAsync(
        UnitOfWork work, Guid tenantId, Unit account, CancellationToken cancellationToken = default)
    {
        await using var command = work.Command(
            "SELECT coalesce(sum(amount_e4), 0)::bigint FROM holds "
            + "WHERE tenant_id = $1 AND unit = $2 AND state = 'open' AND cause_type = 'reservation'",
            tenantId, account.ToCode());
        return new Amount((long)(await command.ExecuteScalarAsync(cancellationToken))!, account);
    }
}
