using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Tenants.Mail;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Tenants.Sessions;

/// <summary>What a browser says of itself when it signs in.</summary>
/// <param name="UserAgent">As sent.</param>
/// <param name="Address">On the network.</param>
/// <param name="DeviceHash">Of the browser's own cookie.</param>
public sealed record Device(string UserAgent, string Address, string DeviceHash);

/// <summary>
/// Opens and ends the sessions of people. Ages in real time, as cookies do, whatever the sandbox's clock says. A session that
/// has ended stays ended: nothing here opens it again.
/// </summary>
public sealed class SessionService(Database database, PersonMails mails, AccountLog log)
{
    /// <summary>How long an ended session is remembered: so long is a browser not new.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(90);

    /// <summary>However much it is used: then the person signs in again.</summary>
    public static readonly TimeSpan LongestLife = TimeSpan.FromDays(30);

    private const string Why =
        "You get this because somebody signed in as you. You can switch these mails off on the page Signed-in browsers.";

    private const string See =
        """
        WITH live AS (
          SELECT id, last_seen_at, expires_at FROM sessions
          WHERE id = $1 AND user_id = $2 AND ended_at IS NULL AND expires_at > $3 AND started_at > $6),
        seen AS (
          UPDATE sessions SET last_seen_at = $3, expires_at = $4, address = coalesce($5, address)
          WHERE id IN (SELECT id FROM live WHERE last_seen_at <= $3 - interval '1 minute'))
        SELECT count(*) FROM live
        """;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>A browser has signed in. From a browser that is new to the person a mail goes out, but not at the very first.</summary>
    public async Task<Guid> OpenAsync(Guid userId, string stamp, Device device, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var known = unit.Db.Set<UserSession>().Where(session => session.UserId == userId);
        var isFirst = !await known.AnyAsync(cancellationToken);
        var isNew = !isFirst && !await known.AnyAsync(session => session.DeviceHash == device.DeviceHash, cancellationToken);
        var session = new UserSession
        {
            Id = Ids.New(),
            UserId = userId,
            Stamp = stamp,
            DeviceHash = device.DeviceHash,
            UserAgent = Cut(device.UserAgent, UserSessionMap.UserAgentMax),
            Address = Cut(device.Address, UserSessionMap.AddressMax),
            StartedAt = Now,
            LastSeenAt = Now,
            ExpiresAt = Now + SessionCookie.Lifetime,
        };
        unit.Db.Add(session);
        if (await unit.Db.Set<StaffMember>().AnyAsync(staff => staff.UserId == userId, cancellationToken))
        {
            var person = await unit.Db.Set<User>().AsNoTracking().SingleAsync(row => row.Id == userId, cancellationToken);
            await log.RecordAsync(
                unit, person, "staff.signed_in", $"{person.Name} signed in.",
                after: new { Device = DeviceText.Of(session.UserAgent), session.Address }, cancellationToken: cancellationToken);
        }

        if (isNew && await unit.Db.Set<User>().AsNoTracking().SingleAsync(user => user.Id == userId, cancellationToken)
            is { MutesNewDevices: false } user)
        {
            mails.Enqueue<NewDeviceMail>(
                unit, user.Email, "new_device", "New sign-in to your account", Why, NewDeviceMail.Of(user, session));
        }

        await unit.CommitAsync(cancellationToken);
        return session.Id;
    }

    /// <summary>True for a browser in which the person has signed in before, as long as that is remembered.</summary>
    public async Task<bool> KnowsAsync(Guid userId, string deviceHash, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        return await unit.Db.Set<UserSession>()
            .AnyAsync(session => session.UserId == userId && session.DeviceHash == deviceHash, cancellationToken);
    }

    /// <summary>The session's cookie is written anew, perhaps under new credentials. One that has ended stays so.</summary>
    public async Task RenewAsync(Guid id, Guid userId, string stamp, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        await unit.Db.Set<UserSession>().Where(session => session.Id == id && session.UserId == userId && session.EndedAt == null)
            .ExecuteUpdateAsync(
                set => set.SetProperty(session => session.Stamp, stamp)
                    .SetProperty(session => session.ExpiresAt, Now + SessionCookie.Lifetime),
                cancellationToken);
        await unit.CommitAsync(cancellationToken);
    }

    /// <summary>
    /// True while the session is open. Notes that it was seen, at most once a minute, with the same statement: the answer must
    /// not come from anywhere but the row.
    /// </summary>
    public async Task<bool> SeeAsync(Guid id, Guid userId, string? address, CancellationToken cancellationToken = default)
    {
        await using var command = database.Ops.CreateCommand(See);
        command.Parameters.AddWithValue(id);
        command.Parameters.AddWithValue(userId);
        command.Parameters.AddWithValue(Now);
        command.Parameters.AddWithValue(Now + SessionCookie.Lifetime);
        command.Parameters.Add(new() { Value = (object?)address ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        command.Parameters.AddWithValue(Now - LongestLife);
        return await command.ExecuteScalarAsync(cancellationToken) is 1L;
    }

    /// <summary>The browser itself signs out.</summary>
    public async Task LeaveAsync(Guid id, Guid userId, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        await EndAsync(unit.Db.Set<UserSession>().Where(session => session.Id == id && session.UserId == userId), cancellationToken);
        await unit.CommitAsync(cancellationToken);
    }

    /// <summary>The person ends one of the own sessions from another. False: there is no such open session.</summary>
    public async Task<bool> EndAsync(Guid userId, Guid id, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var session = await unit.Db.Set<UserSession>()
            .SingleOrDefaultAsync(row => row.Id == id && row.UserId == userId && row.EndedAt == null, cancellationToken);
        if (session is null)
        {
            return false;
        }

        session.EndedAt = Now;
        var user = await unit.Db.Set<User>().AsNoTracking().SingleAsync(row => row.Id == userId, cancellationToken);
        var device = DeviceText.Of(session.UserAgent);
        await log.RecordAsync(
            unit, user, "session.ended", $"{user.Name} signed {device} out.", after: new { device, session.Address },
            cancellationToken: cancellationToken);
        await unit.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Ends all of the person's sessions but this one; how many that were.</summary>
    public async Task<int> EndOthersAsync(Guid userId, Guid currentId, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var user = await unit.Db.Set<User>().AsNoTracking().SingleAsync(row => row.Id == userId, cancellationToken);
        var now = Now;
        var ended = await EndAsync(
            unit.Db.Set<UserSession>().Where(session => session.UserId == userId && session.Id != currentId
                && session.Stamp == user.SecurityStamp && session.ExpiresAt > now),
            cancellationToken);
        if (ended > 0)
        {
            await log.RecordAsync(
                unit, user, "session.ended", $"{user.Name} signed out everywhere else.", after: new { sessions = ended },
                cancellationToken: cancellationToken);
        }

        await unit.CommitAsync(cancellationToken);
        return ended;
    }

    /// <summary>Whether sign-ins from new browsers are told by mail.</summary>
    public async Task MuteAsync(Guid userId, bool mutes, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var user = await unit.Db.Set<User>().SingleAsync(row => row.Id == userId, cancellationToken);
        if (user.MutesNewDevices != mutes)
        {
            user.MutesNewDevices = mutes;
            var what = mutes ? "no longer gets" : "gets";
            await log.RecordAsync(
                unit, user, "session.mails", $"{user.Name} {what} a mail when a new browser signs in.", after: new { Mails = !mutes },
                cancellationToken: cancellationToken);
            await unit.CommitAsync(cancellationToken);
        }
    }

    /// <summary>Forgets what ended long ago; how many that were.</summary>
    public async Task<int> SweepAsync(int most, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var before = Now - KeptFor;
        var old = unit.Db.Set<UserSession>().Where(session => session.ExpiresAt < before).OrderBy(session => session.ExpiresAt)
            .Take(most).Select(session => session.Id);
        var removed = await unit.Db.Set<UserSession>().Where(session => old.Contains(session.Id)).ExecuteDeleteAsync(cancellationToken);
        await unit.CommitAsync(cancellationToken);
        return removed;
    }

    private static Task<int> EndAsync(IQueryable<UserSession> sessions, CancellationToken cancellationToken)
    {
        var now = Now;
        return sessions.Where(session => session.EndedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(session => session.EndedAt, now), cancellationToken);
    }

    private static string Cut(string text, int most) => text.Length <= most ? text : text[..most];
}
