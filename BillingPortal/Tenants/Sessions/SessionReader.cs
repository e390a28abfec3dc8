using BillingPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Tenants.Sessions;

/// <summary>Reads where a person is signed in.</summary>
public sealed class SessionReader(Database database)
{
    public const int ShownMax = 100;

    /// <summary>The open sessions, the one seen last first.</summary>
    public async Task<IReadOnlyList<UserSession>> OpenAsync(Guid userId, CancellationToken cancellationToken = default)
    {
        var now = TimeProvider.System.GetUtcNow();
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        return await (from session in unit.Db.Set<UserSession>().AsNoTracking()
                      join user in unit.Db.Set<User>() on session.UserId equals user.Id
                      where session.UserId == userId && session.EndedAt == null && session.ExpiresAt > now
                          && session.Stamp == user.SecurityStamp
                      orderby session.LastSeenAt descending, session.Id descending
                      select session).Take(ShownMax).ToListAsync(cancellationToken);
    }
}
