using System.Globalization;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Tenants;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace BillingPortal.Settlement;

/// <summary>Reads reservations and settled months. Changes nothing.</summary>
public sealed class SettlementReader(Database database, IEnumerable<IGivenBack> givers, TimeProvider clock)
{
    /// <summary>Most tenants listed in the totals.</summary>
    public const int TenantsMax = 500;
    private const int HistoryMax = 24;

    /// <summary>A tenant's running month, what else is open, and what was settled.</summary>
    public async Task<MonthlyStatus> ReadAsync(Guid tenantId, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        var tenant = await unit.Db.Set<Tenant>().AsNoTracking().SingleAsync(row => row.Id == tenantId, cancellationToken);
        var holds = await unit.Db.Set<Hold>().AsNoTracking()
            .Where(hold => hold.TenantId == tenantId && hold.CauseType == Hold.Reservation && hold.State == HoldState.Open)
            .ToListAsync(cancellationToken);
        var history = await unit.Db.Set<MonthlyBilling>().AsNoTracking().Where(billing => billing.TenantId == tenantId)
            .OrderByDescending(billing => billing.Month).Take(HistoryMax).ToListAsync(cancellationToken);
        Guid[] open = [.. holds.Select(hold => hold.Id)];
        var lines = await LinesAsync(unit, tenantId, open, cancellationToken);
        var givenBack = Amount.Zero(Unit.Usd);
        foreach (var giver in open.Length == 0 ? [] : givers)
        {
            givenBack += await giver.SumAsync(unit, open, cancellationToken);
        }

        return new MonthlyStatus(
            tenant.Plan, tenant.SettlementMode, BillingMonth.Of(clock.GetUtcNow()),
            [.. holds.Select(hold => new OpenMonth(BillingMonth.Parse(hold.CauseId!), new Amount(hold.AmountE4, hold.Unit)))
                .OrderBy(open => open.Month)],
            [.. lines.GroupBy(line => line.Service, StringComparer.Ordinal).Select(Sum)
                .OrderByDescending(service => service.Amount.E4)],
            lines.Sum(line => line.LateEvents), givenBack, history);
    }

    /// <summary>What was reserved with a month, settled or not, by service and rate; sums up to its settlement exactly.</summary>
    public async Task<IReadOnlyList<RatedLine>> LinesAsync(
        Guid tenantId, BillingMonth month, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        return await LinesAsync(unit, tenantId, month, cancellationToken);
    }

    /// <summary>The same with its settlement, if there is one.</summary>
    public async Task<SettledMonth> ReadMonthAsync(
        Guid tenantId, BillingMonth month, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        return new SettledMonth(
            month, await LinesAsync(unit, tenantId, month, cancellationToken),
            await unit.Db.Set<MonthlyBilling>().AsNoTracking().SingleOrDefaultAsync(
                billing => billing.TenantId == tenantId && billing.Month == month.First, cancellationToken));
    }

    /// <summary>The same inside the caller's transaction.</summary>
    public Task<IReadOnlyList<RatedLine>> LinesAsync(
        UnitOfWork unit, Guid tenantId, BillingMonth month, CancellationToken cancellationToken = default) =>
        LinesAsync(unit, tenantId, [month.HoldIdOf(tenantId)], cancellationToken);

    /// <summary>All tenants, for staff and the cron caller.</summary>
    public async Task<SettlementTotals> TotalsAsync(CancellationToken cancellationToken = default)
    {
        var now = clock.GetUtcNow();
        var (month, firstOpen) = (BillingMonth.Of(now), BillingMonth.FirstOpen(now));
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        await using var command = unit.Command(
            """
            SELECT count(*)::int, coalesce(sum(amount_e4), 0)::bigint, (count(*) FILTER (WHERE cause_id < $1))::int,
              coalesce(sum(amount_e4) FILTER (WHERE cause_id < $1), 0)::bigint
            FROM holds WHERE state = 'open' AND cause_type = 'reservation'
            """,
            firstOpen.Code);
        await using var open = await command.ExecuteReaderAsync(cancellationToken);
        await open.ReadAsync(cancellationToken);
        var (tenants, reserved, due, dueE4) = (open.GetInt32(0), open.GetInt64(1), open.GetInt32(2), open.GetInt64(3));
        await open.DisposeAsync();
        var last = new DateOnly(month.First.Year, month.First.Month, 1).AddMonths(-1);
        var settled = unit.Db.Set<MonthlyBilling>().Where(billing => billing.Month == last);
        return new SettlementTotals(
            month, tenants, new Amount(reserved, Unit.Usd), due, new Amount(dueE4, Unit.Usd),
            await settled.CountAsync(cancellationToken),
            new Amount(await settled.SumAsync(billing => billing.AmountE4, cancellationToken), Unit.Usd),
            await TenantsAsync(unit, cancellationToken));
    }

    private static async Task<List<TenantMonth>> TenantsAsync(UnitOfWork unit, CancellationToken cancellationToken)
    {
        var rows = await (from hold in unit.Db.Set<Hold>()
                          where hold.CauseType == Hold.Reservation && hold.State == HoldState.Open
                          join tenant in unit.Db.Set<Tenant>() on hold.TenantId equals tenant.Id
                          orderby hold.AmountE4 descending
                          select new { tenant.Slug, hold.CauseId, hold.AmountE4 }).Take(TenantsMax).ToListAsync(cancellationToken);
        return [.. rows.Select(row =>
            new TenantMonth(row.Slug, BillingMonth.Parse(row.CauseId!), new Amount(row.AmountE4, Unit.Usd)))];
    }

    private static RatedUse Sum(IGrouping<string, RatedLine> lines) => new(
        lines.Key, lines.Sum(line => line.Quantity), lines.Sum(line => line.Events),
        lines.Aggregate(Amount.Zero(Unit.Usd), (sum, line) => sum + line.Amount));

    private static async Task<IReadOnlyList<RatedLine>> LinesAsync(
        UnitOfWork unit, Guid tenantId, Guid[] holdIds, CancellationToken cancellationToken)
    {
        if (holdIds.Length == 0)
        {
            return [];
        }

        await using var command = unit.Command(
            """
            SELECT x.service, u.rate, CASE WHEN u.rate IS NULL AND x.cause_type = 'sms' THEN x.amount_e4 END AS price,
              coalesce(sum(u.quantity), 0), count(*)::int,
              (count(*) FILTER (WHERE to_char(x.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM') < x.cause_id))::int,
              sum(x.amount_e4)::bigint
            FROM hold_extensions AS x
            LEFT JOIN usage_events AS u ON u.idempotency_key = x.idempotency_key AND u.tenant_id = x.tenant_id
            WHERE x.tenant_id = $1 AND x.hold_id = ANY ($2)
            GROUP BY x.service, u.rate, price ORDER BY x.service, u.rate, price
            """,
            tenantId, holdIds);
        var lines = new List<RatedLine>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            lines.Add(Read(reader));
        }

        return lines;
    }

    // Messages have no details beside their own row: one each, at the price that was reserved.
    private static RatedLine Read(NpgsqlDataReader reader) => reader.IsDBNull(2)
        ? Read(reader, reader.IsDBNull(1) ? null : reader.GetString(1), reader.GetDecimal(3))
        : Read(reader, MessageRate(new Amount(reader.GetInt64(2), Unit.Usd)), reader.GetInt32(4));

    private static RatedLine Read(NpgsqlDataReader reader, string? rate, decimal quantity) => new(
        reader.GetString(0), rate, quantity, reader.GetInt32(4), reader.GetInt32(5),
        new Amount(reader.GetInt64(6), Unit.Usd));

    private static string MessageRate(Amount price) =>
        string.Create(CultureInfo.InvariantCulture, $"${price.ToDecimal():0.00##} per message");
}
