namespace BillingPortal.Notifications;

/// <summary>
/// Decides when a level is mailed: once per change for the worse, not sooner than the gap after the last mail, again a
/// day later while it stays, and never on recovery. Pure.
/// </summary>
public static class AlertMailPolicy
{
    /// <summary>Between two mails; a fall to critical below a level that was told does not wait for it.</summary>
    public static readonly TimeSpan Gap = TimeSpan.FromHours(1);

    /// <summary>Contract: "again after 24 h".</summary>
    public static readonly TimeSpan Again = TimeSpan.FromHours(24);

    /// <param name="level">As just judged.</param>
    /// <param name="told">The worst level told since the last real recovery, and when the last mail was.</param>
    /// <param name="isIdle">Nothing was posted since that mail.</param>
    public static AlertMail Decide(AlertLevel level, Told told, bool isIdle, DateTimeOffset now)
    {
        // A clock that was set back (the sandbox's) must not silence anybody.
        var mailedAt = told.At <= now ? told.At : null;
        var isWorse = told.Level is null || level > told.Level;
        if (level is AlertLevel.Good)
        {
            // Back from low alone may be hovering at that limit; back from further below is news when it falls again.
            var isOver = told.Level is AlertLevel.Warning or AlertLevel.Critical || mailedAt is null || now - mailedAt >= Again;
            return new AlertMail(IsDue: false, NextAt: null, Forgets: isOver);
        }

        if (isWorse)
        {
            var waits = mailedAt is not null && !(level is AlertLevel.Critical && told.Level is not null);
            return Due(waits ? mailedAt!.Value + Gap : now, now);
        }

        // An account that nobody uses is reminded once.
        return isIdle && told.IsIdleReminded && mailedAt + Again <= now
            ? new AlertMail(IsDue: false, now + Again, Forgets: false)
            : Due((mailedAt ?? now) + (mailedAt is null ? TimeSpan.Zero : Again), now);
    }

    private static AlertMail Due(DateTimeOffset at, DateTimeOffset now) =>
        at <= now ? new(IsDue: true, now + Again, Forgets: false) : new(IsDue: false, at, Forgets: false);
}

/// <summary>What an account's people were last told.</summary>
public readonly record struct Told(AlertLevel? Level, DateTimeOffset? At, bool IsIdleReminded);

/// <summary>Whether a mail goes out now, and when to look again if nothing changes.</summary>
/// <param name="Forgets">The account has recovered: the next fall is news whatever was told before.</param>
public readonly record struct AlertMail(bool IsDue, DateTimeOffset? NextAt, bool Forgets);
