using BillingPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Tenants.Keys;

/// <summary>A tenant's keys: those that work, youngest first, and the latest that no longer do, as of a moment.</summary>
public sealed record KeyBoard(IReadOnlyList<ApiKey> Working, IReadOnlyList<ApiKey> Ended, DateTimeOffset At);

/// <summary>Reads a tenant's keys under the tenant's own role.</summary>
public sealed class ApiKeyReader(Database database, TimeProvider clock)
{
    public const int EndedShown = 50;

    public async Task<KeyBoard> ReadAsync(Guid tenantId, CancellationToken cancellationToken = default)
    {
        var now = clock.GetUtcNow();
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        var keys = unit.Db.Set<ApiKey>().AsNoTracking();
        var working = await keys.Where(key => key.RevokedAt == null && (key.ExpiresAt == null || key.ExpiresAt > now))
            .OrderByDescending(key => key.CreatedAt).ThenByDescending(key => key.Id).ToListAsync(cancellationToken);
        var ended = await keys.Where(key => key.RevokedAt != null || key.ExpiresAt <= now)
            .OrderByDescending(key => key.RevokedAt ?? key.ExpiresAt).ThenByDescending(key => key.Id)
            .Take(EndedShown).ToListAsync(cancellationToken);
        return new KeyBoard(working, ended, now);
    }
}
