using BillingPortal.Audit;
using BillingPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Messaging;

/// <summary>
/// The opt-out list as the tenant sees and keeps it. What a person asked for is taken back by that person alone.
/// </summary>
public sealed class SmsOptOutService(Database database, TimeProvider clock)
{
    private const int PageMax = 500;

    /// <summary>The newest first, <paramref name="most"/> at most.</summary>
    public async Task<IReadOnlyList<SmsOptOut>> ListAsync(
        Guid tenantId, int most = PageMax, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        return await unit.Db.Set<SmsOptOut>().AsNoTracking().Where(row => row.TenantId == tenantId)
            .OrderByDescending(row => row.OptedOutAt).ThenBy(row => row.Peer).Take(Math.Clamp(most, 1, PageMax))
            .ToListAsync(cancellationToken);
    }

    /// <summary>Null: entered, or there already. Else what to change, in words.</summary>
    public async Task<SmsRefusal?> AddAsync(
        Guid tenantId, string number, string peer, CancellationToken cancellationToken = default)
    {
        if (E164.Normalize(number) is not { } ours || E164.Normalize(peer) is not { } theirs)
        {
            return new SmsRefusal(
                SmsRefusalKind.Invalid, "invalid_number", "Write the number in international form, for example +14155550123.");
        }

        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        if (await SmsOptOutRows.AddAsync(
            unit, tenantId, ours, theirs, OptOutSource.Manual, clock.GetUtcNow(), cancellationToken))
        {
            unit.RecordSetting(clock, new SettingChange(
                tenantId, "opt_out.added", theirs, $"{theirs} gets no more messages from {ours}.", Before: null,
                new { Number = ours, Person = theirs }));
        }

        await unit.CommitAsync(cancellationToken);
        return null;
    }

    /// <summary>False: there is none, or the person asked for it and must write START.</summary>
    public async Task<bool> RemoveAsync(
        Guid tenantId, string number, string peer, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        var removed = await SmsOptOutRows.RemoveAsync(
            unit, tenantId, number, peer, onlyManual: true, cancellationToken);
        if (removed)
        {
            unit.RecordSetting(clock, new SettingChange(
                tenantId, "opt_out.removed", peer, $"{peer} may get messages from {number} again.", new { Number = number, Person = peer },
                After: null));
        }

        await unit.CommitAsync(cancellationToken);
        return removed;
    }
}
