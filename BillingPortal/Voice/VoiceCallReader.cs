using System.Globalization;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Settlement;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Voice;

/// <summary>One page of calls, newest first, and what this month's calls took.</summary>
/// <param name="Next">Null: there is nothing older.</param>
/// <param name="Settlements">The settlement entries of months that calls of this page were reserved with, by reservation.</param>
public sealed record VoiceView(
    IReadOnlyList<VoiceCall> Calls, VoiceCursor? Next, VoiceMonth Month, IReadOnlyDictionary<Guid, long> Settlements);

/// <summary>Sums of the calls that began in the current month (UTC).</summary>
/// <param name="Costs">One per account that paid.</param>
public sealed record VoiceMonth(int Calls, long MeasuredSeconds, long BilledSeconds, IReadOnlyList<Amount> Costs);

/// <summary>The place after a call in the list; stands in addresses.</summary>
public sealed record VoiceCursor(DateTimeOffset StartedAt, string CallSid)
{
    /// <summary>Null for anything that no list of ours has given.</summary>
    public static VoiceCursor? Parse(string? text) =>
        text?.Split('-') is [var ticks, { Length: > 0 and <= 64 } sid]
        && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
        && at <= DateTimeOffset.MaxValue.UtcTicks
            ? new VoiceCursor(new DateTimeOffset(at, TimeSpan.Zero), sid)
            : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{StartedAt.UtcTicks}-{CallSid}");
}

/// <summary>Reads a tenant's calls. Changes nothing.</summary>
public sealed class VoiceCallReader(Database database, TimeProvider clock)
{
    public const int PageSize = 25;

    /// <param name="callSid">Only this call; null: all.</param>
    public async Task<VoiceView> PageAsync(
        Guid tenantId, string? callSid, VoiceCursor? after, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        var calls = unit.Db.Set<VoiceCall>().AsNoTracking().Where(call => call.TenantId == tenantId);
        var listed = callSid is null ? calls : calls.Where(call => call.CallSid == callSid);
        if (after is not null)
        {
            listed = listed.Where(call => EF.Functions.LessThan(
                ValueTuple.Create(call.StartedAt, call.CallSid), ValueTuple.Create(after.StartedAt, after.CallSid)));
        }

        var rows = await listed.OrderByDescending(call => call.StartedAt).ThenByDescending(call => call.CallSid)
            .Take(PageSize + 1).ToListAsync(cancellationToken);
        var page = rows.Take(PageSize).ToList();
        return new VoiceView(
            page, rows.Count > PageSize ? new VoiceCursor(page[^1].StartedAt, page[^1].CallSid) : null,
            await MonthAsync(calls, cancellationToken), await SettledAsync(unit, page, cancellationToken));
    }

    private static async Task<Dictionary<Guid, long>> SettledAsync(
        UnitOfWork unit, IReadOnlyList<VoiceCall> page, CancellationToken cancellationToken)
    {
        Guid[] months = [.. page.Select(call => call.ReservationId).OfType<Guid>().Distinct()];
        return months.Length == 0
            ? []
            : await unit.Db.Set<MonthlyBilling>().AsNoTracking().Where(billing => months.Contains(billing.HoldId))
                .ToDictionaryAsync(billing => billing.HoldId, billing => billing.EntrySeq, cancellationToken);
    }

    private async Task<VoiceMonth> MonthAsync(IQueryable<VoiceCall> calls, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var from = new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero);
        var sums = await calls.Where(call => call.StartedAt >= from).GroupBy(call => call.Unit)
            .Select(group => new
            {
                Unit = group.Key,
                Calls = group.Count(),
                Measured = group.Sum(call => (long?)call.MeasuredSeconds) ?? 0,
                Billed = group.Sum(call => (long?)call.BilledSeconds) ?? 0,
                AmountE4 = group.Sum(call => call.AmountE4) ?? 0,
            })
            .ToListAsync(cancellationToken);
        return new VoiceMonth(
            sums.Sum(sum => sum.Calls), sums.Sum(sum => sum.Measured), sums.Sum(sum => sum.Billed),
            [.. from sum in sums where sum.Unit is not null select new Amount(sum.AmountE4, sum.Unit!.Value)]);
    }
}
