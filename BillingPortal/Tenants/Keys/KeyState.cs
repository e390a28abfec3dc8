namespace BillingPortal.Tenants.Keys;

/// <summary>What a key is good for at a moment.</summary>
public enum KeyState
{
    /// <summary>It works, without an end.</summary>
    Working = 1,

    /// <summary>It works until its end; another key took over.</summary>
    RunningOut = 2,

    /// <summary>Its end has come; another key took over.</summary>
    Replaced = 3,

    /// <summary>Somebody ended it.</summary>
    Revoked = 4,
}

/// <summary>Judges keys. Pure.</summary>
public static class KeyStates
{
    public static KeyState StateAt(this ApiKey key, DateTimeOffset now) => key switch
    {
        { RevokedAt: not null } => KeyState.Revoked,
        { ExpiresAt: null } => KeyState.Working,
        { ExpiresAt: { } end } when end > now => KeyState.RunningOut,
        _ => KeyState.Replaced,
    };

    public static bool WorksAt(this ApiKey key, DateTimeOffset now) => key.StateAt(now) is KeyState.Working or KeyState.RunningOut;
}
