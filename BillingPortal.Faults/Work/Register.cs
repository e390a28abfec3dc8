using System.Collections.Concurrent;
using BillingPortal.Faults.Scene;

namespace BillingPortal.Faults.Work;

/// <summary>A usage event under its reference.</summary>
internal sealed record UsageName(Guid TenantId, string Service, string Reference);

/// <summary>A hold that was ended by its owner: what was captured, zero for a release.</summary>
internal sealed record EndedHold(Guid TenantId, Guid HoldId, decimal Captured, string State);

/// <summary>A purchase that the portal said is paid or under way.</summary>
internal sealed record BoughtCredits(Guid TenantId, Guid PurchaseId, string IntentId, long Cents);

/// <summary>
/// What was acknowledged to the customers and what was refused, as they would have it in their own books. The portal's books are held
/// against it, never the other way round.
/// </summary>
internal sealed class Register
{
    /// <summary>Amounts that were acknowledged, in credits.</summary>
    public ConcurrentDictionary<UsageName, decimal> Usage { get; } = new();

    /// <summary>References whose last answer was a refusal; counts only where <see cref="Usage"/> does not know them.</summary>
    public ConcurrentDictionary<UsageName, bool> RefusedUsage { get; } = new();

    /// <summary>References that were told and never clearly answered.</summary>
    public ConcurrentDictionary<UsageName, bool> UnclearUsage { get; } = new();

    /// <summary>By handset: the provider's id as the portal gave it.</summary>
    public ConcurrentDictionary<string, (Customer Customer, string Sid)> Sms { get; } = new();

    public ConcurrentDictionary<string, Customer> RefusedSms { get; } = new();

    public ConcurrentBag<EndedHold> Holds { get; } = [];

    public ConcurrentDictionary<Guid, BoughtCredits> Purchases { get; } = new();

    private ConcurrentDictionary<(string Kind, Ending Ending), int> Endings { get; } = new();

    public void Count(string kind, Ending ending) => Endings.AddOrUpdate((kind, ending), 1, (_, count) => count + 1);

    public int CountOf(string kind, Ending ending) => Endings.GetValueOrDefault((kind, ending));

    public IReadOnlyList<string> Kinds => [.. Endings.Keys.Select(key => key.Kind).Distinct().Order(StringComparer.Ordinal)];
}
