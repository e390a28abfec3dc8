using BillingPortal.Data;
using BillingPortal.Kernel;
using Npgsql;

namespace BillingPortal.Pricing.Editor;

/// <summary>
/// Rates last month's usage at two prices, in one statement and within a time limit. Quantities stand where the rooms keep them:
/// events and calls in <c>usage_events</c>, the portal's own messages in <c>sms_messages</c>, numbers in <c>phone_numbers</c> and
/// <c>number_rents</c>. Reads only.
/// </summary>
internal static class PriceEffectReader
{
    public const int TopMax = 5;

    // $1 service, $2 and $3 the month, $4 plan, $5 tenant or null, $6 when the price begins; then of the old and the new price:
    // is it offered, base, rate, per started unit. A message that was reported as usage as well is counted once. A number with a
    // rent of its own does not follow the price list; its first month is paid by the set-up fee.
    private const string Sql =
        """
        WITH used AS (
          SELECT u.tenant_id, u.quantity FROM usage_events u JOIN tenants t ON t.id = u.tenant_id
          WHERE u.service = $1 AND u.occurred_at >= $2 AND u.occurred_at < $3 AND t.plan = $4
            AND NOT ($1 IN ('sms_outbound', 'sms_inbound')
                     AND EXISTS (SELECT FROM sms_messages m WHERE m.provider_sid = u.reference_id AND m.tenant_id = u.tenant_id))
          UNION ALL
          SELECT m.tenant_id, 1 FROM sms_messages m JOIN tenants t ON t.id = m.tenant_id
          WHERE $1 = 'sms_' || m.direction AND m.created_at >= $2 AND m.created_at < $3 AND t.plan = $4
            AND m.payment IN ('free', 'charged', 'unpaid')
          UNION ALL
          SELECT r.tenant_id, 1 FROM number_rents r JOIN phone_numbers n ON n.id = r.number_id
          WHERE $1 = 'number_monthly' AND r.paid_at >= $2 AND r.paid_at < $3 AND r.unit = $4 AND n.monthly_cost_e4 IS NULL
            AND EXISTS (SELECT FROM number_rents e WHERE e.number_id = r.number_id AND e.period_start < r.period_start)
          UNION ALL
          SELECT n.tenant_id, 1 FROM phone_numbers n
          WHERE $1 = 'number_set_up' AND n.acquired_at >= $2 AND n.acquired_at < $3 AND n.unit = $4
        ), own AS (
          SELECT DISTINCT p.tenant_id FROM tenant_prices p
          WHERE p.plan = $4 AND p.service = $1 AND p.valid_from <= $6 AND (p.valid_until IS NULL OR p.valid_until > $6)
        ), rated AS (
          SELECT tenant_id, count(*) AS events,
            sum(CASE WHEN $7 THEN round($8::bigint + $9::bigint * CASE WHEN $10 THEN ceil(quantity) ELSE quantity END)
                     ELSE 0 END) AS before,
            sum(CASE WHEN $11 THEN round($12::bigint + $13::bigint * CASE WHEN $14 THEN ceil(quantity) ELSE quantity END)
                     ELSE 0 END) AS after
          FROM used
          WHERE ($5::uuid IS NULL AND tenant_id NOT IN (SELECT tenant_id FROM own)) OR tenant_id = $5
          GROUP BY tenant_id
        )
        SELECT t.name, t.slug, r.events, r.before, r.after, count(*) OVER (), (sum(r.events) OVER ())::bigint,
          sum(r.before) OVER (), sum(r.after) OVER (), (SELECT count(*) FROM own)
        FROM rated r JOIN tenants t ON t.id = r.tenant_id ORDER BY abs(r.after - r.before) DESC, r.before DESC, t.slug LIMIT $15
        """;

    private const string OwnPrices =
        """
        SELECT count(DISTINCT tenant_id) FROM tenant_prices
        WHERE plan = $1 AND service = $2 AND valid_from <= $3 AND (valid_until IS NULL OR valid_until > $3)
        """;

    /// <summary>Null when it took too long: the unit of work is of no further use then.</summary>
    public static async Task<PriceEffect?> ReadAsync(
        UnitOfWork unit, PriceKey key, PriceRow? before, PriceRow after, DateTimeOffset now, int secondsMax,
        CancellationToken cancellationToken)
    {
        var end = new DateTimeOffset(now.UtcDateTime.Year, now.UtcDateTime.Month, 1, 0, 0, 0, TimeSpan.Zero);
        var start = end.AddMonths(-1);
        try
        {
            await using (var limit = unit.Command($"SET LOCAL statement_timeout = '{secondsMax}s'"))
            {
                await limit.ExecuteNonQueryAsync(cancellationToken);
            }

            await using var command = unit.Command(
                Sql, key.Service, start, end, key.Plan.ToCode(), key.TenantId, after.ValidFrom,
                before is { IsOffered: true }, before?.BaseE4 ?? 0, before?.RateE4 ?? 0, before?.PerStarted ?? false,
                after.IsOffered, after.BaseE4, after.RateE4, after.PerStarted, TopMax);
            command.Parameters[4].NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid;
            var effect = await ReadAsync(command, key.Plan, DateOnly.FromDateTime(start.UtcDateTime), cancellationToken);
            if (effect.Tenants > 0 || key.TenantId is not null)
            {
                return effect;
            }

            await using var own = unit.Command(OwnPrices, key.Plan.ToCode(), key.Service, after.ValidFrom);
            return effect with { OwnPrices = (long)(await own.ExecuteScalarAsync(cancellationToken))! };
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.QueryCanceled)
        {
            return null;
        }
    }

    private static async Task<PriceEffect> ReadAsync(
        NpgsqlCommand command, Unit plan, DateOnly month, CancellationToken cancellationToken)
    {
        var top = new List<TenantEffect>();
        var effect = new PriceEffect(month, 0, 0, Amount.Zero(plan), Amount.Zero(plan), top, 0);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            top.Add(new TenantEffect(
                row.GetString(0), row.GetString(1), row.GetInt64(2), AmountOf(row, 3, plan), AmountOf(row, 4, plan)));
            effect = new PriceEffect(
                month, row.GetInt64(6), row.GetInt64(5), AmountOf(row, 7, plan), AmountOf(row, 8, plan), top, row.GetInt64(9));
        }

        return effect;
    }

    // Millions of the dearest events would leave 64 bits: then the largest amount stands for "more than anything".
    private static Amount AmountOf(NpgsqlDataReader row, int column, Unit plan) =>
        new(decimal.ToInt64(decimal.Min(row.GetDecimal(column), long.MaxValue / 4)), plan);
}
