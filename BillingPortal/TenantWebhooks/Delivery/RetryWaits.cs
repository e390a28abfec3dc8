namespace BillingPortal.TenantWebhooks.Delivery;

/// <summary>
/// Waits between tries, as Standard Webhooks recommends: ten tries over a little more than three days. Pure.
/// </summary>
public static class RetryWaits
{
    private static readonly TimeSpan[] Waits =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2),
        TimeSpan.FromHours(5), TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    public static int TriesMax => Waits.Length + 1;

    /// <summary>Null: that was the last one.</summary>
    /// <param name="tries">Failed tries so far, 1 or more.</param>
    public static TimeSpan? After(int tries) => tries <= Waits.Length ? Waits[tries - 1] : null;
}
