namespace BillingPortal.Tenants.Throttling;

/// <summary>What may be tried how often.</summary>
/// <param name="What">A word; each has counts of its own.</param>
/// <param name="Most">Tries in one window.</param>
/// <param name="Window">Begins with the first try.</param>
/// <param name="WaitMax">Who exceeds it waits a window, then two, four …, at most this. No longer than the window: it never grows.</param>
public sealed record AttemptLimit(string What, int Most, TimeSpan Window, TimeSpan WaitMax)
{
    public const int ResetsMax = 3;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>Passwords and codes of one person from one address.</summary>
    public static readonly AttemptLimit Person = new("person", 10, Minute, TimeSpan.FromMinutes(15));

    /// <summary>The same from a browser in which the person has signed in before, from wherever.</summary>
    public static readonly AttemptLimit OwnBrowser = new("own browser", 10, Minute, TimeSpan.FromMinutes(15));

    /// <summary>An authenticator's code of one person: for as long as it may be good, it is taken once.</summary>
    public static readonly AttemptLimit Code = new("code", 1, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(5));

    /// <summary>Everything that is tried without a session, from one address. A whole office may have one.</summary>
    public static readonly AttemptLimit Address = new("address", 60, Minute, TimeSpan.FromMinutes(5));

    /// <summary>Links to a new password, for one email address: strangers must not be able to keep anybody from them for long.</summary>
    public static readonly AttemptLimit Reset = new("reset", ResetsMax, TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(15));

    public static readonly AttemptLimit ResetFrom = new("reset from", 30, TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(15));

    public static readonly AttemptLimit InvitationView = new("invitation view", 60, Minute, TimeSpan.FromMinutes(5));

    public static readonly AttemptLimit InvitationForm = new("invitation form", 10, Minute, TimeSpan.FromMinutes(5));

    /// <summary>300, because a whole company comes from one address at nine in the morning; nothing can be guessed here.</summary>
    public static readonly AttemptLimit SingleSignOn = new("single sign-on", 300, Minute, Minute);

    /// <summary>Keys and tokens that are nobody's. Good ones from the same address go on working.</summary>
    public static readonly AttemptLimit BadKey = new("bad key", 60, Minute, TimeSpan.FromMinutes(15));
}
