using System.Collections.Concurrent;

namespace BillingPortal.Data;

/// <summary>Something that a sweep could not do for one tenant, while it went on with the others.</summary>
/// <param name="About">What of the tenant's: "purchase 0199…".</param>
/// <param name="Error">As <see cref="Faults.Describe"/> says it.</param>
public sealed record RunFault(Guid TenantId, string About, string Error);

/// <summary>
/// Collects what a sweep could not do for single tenants, for whoever runs it: the sweep notes, and knows no listener. Follows the
/// flow of the call, parallel parts included; without a listener nothing is kept.
/// </summary>
public static class RunFaults
{
    /// <summary>The first of a run; the rest is only counted by the sweep itself.</summary>
    public const int FaultsMax = 100;

    private static readonly AsyncLocal<ConcurrentQueue<RunFault>?> Listener = new();

    /// <summary>What is noted in this flow from now on.</summary>
    public static IReadOnlyCollection<RunFault> Listen() => Listener.Value = new ConcurrentQueue<RunFault>();

    public static void Note(Guid tenantId, string about, Exception exception)
    {
        if (Listener.Value is { Count: < FaultsMax } noted)
        {
            noted.Enqueue(new RunFault(tenantId, about, Faults.Describe(exception)));
        }
    }
}
