using BillingPortal.Data;
using BillingPortal.Kernel;
using Npgsql;

namespace BillingPortal.Notifications;

/// <summary>
/// Which accounts need judging, in one statement over all of them: never judged, out of their band, other numbers due,
/// or a mail due. Reads only.
/// </summary>
public sealed class AlertCandidates(Database database, TimeProvider time)
{
    // $1: rent until then. The mark changes with every number that becomes due, is renewed, or changes its rent.
    private const string From =
        """
        FROM tenants t
        JOIN accounts a ON a.tenant_id = t.id AND a.unit = t.plan
        LEFT JOIN alert_states s ON s.tenant_id = t.id AND s.unit = t.plan
        LEFT JOIN (
          SELECT tenant_id, unit,
                 sum(extract(epoch FROM CASE state WHEN 'active' THEN next_billing_date ELSE next_retry_at END)::bigint / 60
                     + coalesce(monthly_cost_e4, 0) * 31 + 1)::bigint AS mark
          FROM phone_numbers
          WHERE (state = 'active' AND next_billing_date <= $1) OR (state = 'suspended' AND next_retry_at <= $1)
          GROUP BY tenant_id, unit
        ) r ON r.tenant_id = t.id AND r.unit = t.plan
        """;

    private const string IsDue =
        """
        a.last_seq > 0 AND (s.tenant_id IS NULL OR a.balance_e4 - a.held_e4 NOT BETWEEN s.band_from_e4 AND s.band_to_e4
          OR coalesce(r.mark, 0) <> s.rent_mark OR s.next_mail_at <= $2)
        """;

    public async Task<IReadOnlyList<Guid>> FindAsync(int tenantsMax, CancellationToken cancellationToken)
    {
        await using var command = database.Ops.CreateCommand($"SELECT t.id {From} WHERE {IsDue} ORDER BY t.id LIMIT $3");
        Add(command, RentUntil, time.GetUtcNow(), tenantsMax);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<Guid>();
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(reader.GetGuid(0));
        }

        return found;
    }

    public async Task<bool> ContainsAsync(Guid tenantId, CancellationToken cancellationToken)
    {
        await using var command = database.Ops.CreateCommand($"SELECT count(*) {From} WHERE t.id = $3 AND {IsDue}");
        Add(command, RentUntil, time.GetUtcNow(), tenantId);
        return await command.ExecuteScalarAsync(cancellationToken) is > 0L;
    }

    /// <summary>The figures as they are now: call it with the rows locked.</summary>
    internal async Task<IReadOnlyDictionary<Guid, AccountFigures>> FiguresAsync(
        UnitOfWork unit, Guid[] tenantIds, CancellationToken cancellationToken)
    {
        await using var command = unit.Command(
            $"""
            SELECT t.id, t.plan, a.balance_e4 - a.held_e4, a.debt_e4, a.last_seq, coalesce(r.mark, 0),
                   s.judged_at > '-infinity' OR a.held_e4 > 0 OR EXISTS (
                     SELECT FROM entries e WHERE e.tenant_id = a.tenant_id AND e.unit = a.unit AND e.amount_e4 < 0)
            {From} WHERE t.id = ANY ($2)
            """,
            RentUntil, tenantIds);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var figures = new Dictionary<Guid, AccountFigures>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var plan = Units.Parse(reader.GetString(1))!.Value;
            figures[reader.GetGuid(0)] = new(
                new Amount(reader.GetInt64(2), plan), new Amount(reader.GetInt64(3), plan), reader.GetInt64(4),
                reader.GetInt64(5), reader.GetBoolean(6));
        }

        return figures;
    }

    internal DateTimeOffset RentUntil => time.GetUtcNow() + AlertReader.RentAhead;

    private static void Add(NpgsqlCommand command, params ReadOnlySpan<object> values)
    {
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }
    }
}

/// <summary>An account as it stands at the moment of judging.</summary>
/// <param name="RentMark">Zero: no number is due within the days that must be covered.</param>
/// <param name="IsUsed">Somebody has used it: one that was only topped up yet is not warned about.</param>
internal sealed record AccountFigures(Amount Available, Amount Debt, long LastSeq, long RentMark, bool IsUsed);
