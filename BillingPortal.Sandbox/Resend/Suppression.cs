using BillingPortal.Sandbox.Storage;

namespace BillingPortal.Sandbox.Resend;

/// <summary>
/// An address that Resend no longer writes to, after a hard bounce or a complaint. The test addresses never get here:
/// they do the same every time.
/// </summary>
internal sealed record Suppression : IRecord
{
    /// <summary>The address in lower case.</summary>
    public required string Id { get; init; }

    /// <summary>bounce or complaint.</summary>
    public required string Origin { get; init; }

    public bool IsLifted { get; init; }

    public static bool Holds(Change change, IEnumerable<string> recipients) =>
        recipients.Any(one => change.Find<Suppression>(TestAddress.Bare(one)) is { IsLifted: false });

    public static void Add(Change change, IEnumerable<string> recipients, string origin)
    {
        foreach (var address in recipients.Select(TestAddress.Bare))
        {
            change.Put(new Suppression { Id = address, Origin = origin });
        }
    }

    /// <summary>Lets the address be written to again; false when it was not on the list.</summary>
    public static bool Lift(Change change, string address)
    {
        if (change.Find<Suppression>(TestAddress.Bare(address)) is not { IsLifted: false } held)
        {
            return false;
        }

        change.Put(held with { IsLifted = true });
        return true;
    }
}
