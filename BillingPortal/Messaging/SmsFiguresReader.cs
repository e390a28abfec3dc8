using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Wallet;
using Npgsql;

namespace BillingPortal.Messaging;

/// <summary>
/// Adds up a period's messages in one pass over an index that holds all it needs. Changes nothing; what it calls spent
/// equals the entries of these messages.
/// </summary>
public sealed class SmsFiguresReader(Database database)
{
    /// <summary>More numbers or countries than anybody looks at are shown as the busiest of them.</summary>
    public const int SharesMax = 50;

    public async Task<SmsFigures> ReadAsync(
        Guid tenantId, Unit plan, string timeZone, SmsRequest period, CancellationToken cancellationToken = default)
    {
        await using var work = await database.BeginAsync(tenantId, cancellationToken);
        await using var command = Sums(work, tenantId, plan, timeZone, period);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var total = SmsSums.None(plan);
        var other = 0L;
        var days = new Dictionary<DateOnly, SmsSums>();
        var numbers = new List<SmsShare>();
        var countries = new List<SmsShare>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var sums = Read(reader, plan);
            switch (reader.GetInt32(0))
            {
                case ByDay:
                    days.Add(reader.GetFieldValue<DateOnly>(1), sums);
                    break;
                case ByNumber:
                    numbers.Add(new SmsShare(reader.GetString(2), sums));
                    break;
                case ByCountry:
                    countries.Add(new SmsShare(reader.GetString(3), sums));
                    break;
                default:
                    (total, other) = (sums, reader.GetInt64(14));
                    break;
            }
        }

        var every = Days(period).Select(day => new SmsDay(day, days.GetValueOrDefault(day, SmsSums.None(plan))));
        return new SmsFigures(
            plan, total, new Amount(other, plan is Unit.Credits ? Unit.Usd : Unit.Credits), [.. every],
            Busiest(numbers), Busiest(countries));
    }

    // GROUPING: a bit is set for each column that is not grouped by.
    private const int ByDay = 0b011;
    private const int ByNumber = 0b101;
    private const int ByCountry = 0b110;

    // Two steps: the many rows are only counted, day by day, along the index; the few groups that remain are told apart.
    internal static NpgsqlCommand Sums(
        UnitOfWork work, Guid tenantId, Unit plan, string timeZone, SmsRequest period, string prefix = "")
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(timeZone);
        var days = Days(period).ToArray();
        return work.Command(
            $"""
             {prefix} WITH counted AS (
               SELECT d.day, m.* FROM unnest($2::date[], $3::timestamptz[], $4::timestamptz[]) AS d(day, start, finish)
               CROSS JOIN LATERAL (
                 SELECT number, country, direction, state, payment, unit, count(*) AS n, sum(price_e4) AS price
                 FROM sms_messages WHERE tenant_id = $1 AND created_at >= d.start AND created_at < d.finish
                 GROUP BY number, country, direction, state, payment, unit) AS m
             )
             SELECT GROUPING(day, number, country), day, number, country,
               coalesce(sum(n) FILTER (WHERE state IN ('queued', 'sending', 'sent', 'delivered', 'undelivered', 'failed')), 0)::bigint,
               coalesce(sum(n) FILTER (WHERE state = 'delivered'), 0)::bigint,
               coalesce(sum(n) FILTER (WHERE state IN ('undelivered', 'failed')), 0)::bigint,
               coalesce(sum(n) FILTER (WHERE state IN ('recorded', 'unknown')), 0)::bigint,
               coalesce(sum(n) FILTER (WHERE state = 'refused'), 0)::bigint,
               coalesce(sum(n) FILTER (WHERE state = 'received'), 0)::bigint,
               coalesce(sum(n) FILTER (WHERE payment = 'unpaid'), 0)::bigint,
               coalesce(sum(price) FILTER (WHERE payment = 'charged' AND unit = $5 AND direction = 'outbound'), 0)::bigint,
               coalesce(sum(price) FILTER (WHERE payment = 'charged' AND unit = $5 AND direction = 'inbound'), 0)::bigint,
               coalesce(sum(price) FILTER (WHERE payment = 'refunded' AND unit = $5), 0)::bigint,
               coalesce(sum(price) FILTER (WHERE payment = 'charged' AND unit <> $5), 0)::bigint
             FROM counted GROUP BY GROUPING SETS ((day), (number), (country), ())
             """,
            tenantId, days, days.Select(day => LocalDays.StartOf(day, zone)).ToArray(),
            days.Select(day => LocalDays.StartOf(day.AddDays(1), zone)).ToArray(), plan.ToCode());
    }

    private static IEnumerable<DateOnly> Days(SmsRequest period) =>
        Enumerable.Range(0, period.LastDay.DayNumber - period.FirstDay.DayNumber + 1).Select(period.FirstDay.AddDays);

    private static SmsSums Read(NpgsqlDataReader row, Unit plan) => new(
        row.GetInt64(4), row.GetInt64(5), row.GetInt64(6), row.GetInt64(7), row.GetInt64(8), row.GetInt64(9),
        row.GetInt64(10), new Amount(row.GetInt64(11), plan), new Amount(row.GetInt64(12), plan),
        new Amount(row.GetInt64(13), plan));

    private static IReadOnlyList<SmsShare> Busiest(IEnumerable<SmsShare> shares) =>
        [.. shares.OrderByDescending(share => share.Messages).ThenBy(share => share.Key, StringComparer.Ordinal)
            .Take(SharesMax)];
}
