namespace BillingPortal.Kernel;

/// <summary>Waits between tries of work that must get done: 5 s, then four times as long each time, 6 h at most.</summary>
public static class Backoff
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(6);

    /// <param name="failures">Failed tries so far, 1 or more.</param>
    public static TimeSpan After(int failures)
    {
        var grown = First * Math.Pow(4, Math.Clamp(failures, 1, 20) - 1);
        return grown < Longest ? grown : Longest;
    }
}
